// `npm run release:manifests`: what people install a release from without a clone, the Helm chart and one YAML file.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readVersion } from '../image/operator-image.ts';
import { packChart } from './pack-chart.ts';
import { renderStaticManifest } from './static-manifest.ts';

const USAGE = `usage: npm run release:manifests -- [--repository NAME] [--out FOLDER]

  --repository  where the image is, without the tag, such as registry.example/sailwright (default: sailwright)
  --out         folder to write to (default: dist/release)`;

async function run(): Promise<void> {
  const { repository, out } = readOptions();
  if (/[:@]/.test(repository.replace(/^[^/]*\//, ''))) throw new Error(`--repository ${repository}: leave the tag out`);
  const version = await readVersion();
  const files: [name: string, content: Buffer | string][] = [
    [`sailwright-${version}.yaml`, renderStaticManifest(version, `${repository}:${version}`)],
    [`sailwright-${version}.tgz`, packChart(version, repository)],
  ];
  await mkdir(out, { recursive: true });
  for (const [name, content] of files) {
    await writeFile(join(out, name), content);
    console.log(`${join(out, name)}: ${(content.length / 1e3).toFixed(0)} kB`);
  }
}

function readOptions(): { repository: string; out: string } {
  try {
    const { values } = parseArgs({
      options: {
        repository: { type: 'string', default: 'sailwright' },
        out: { type: 'string', default: join('dist', 'release') },
      },
    });
    return values;
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`, { cause: error });
  }
}

try {
  await run();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
