// `npm run release:manifests`: what people install a release from without a clone, the Helm chart, one YAML file, and a
// bundle for the Operator Lifecycle Manager.
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { readVersion } from '../image/operator-image.ts';
import { renderBundle } from '../olm/render-bundle.ts';
import { packChart } from './pack-chart.ts';
import { renderStaticManifest } from './static-manifest.ts';

const USAGE = `usage: npm run release:manifests -- [--repository NAME] [--out FOLDER]

  --repository  where the image is, without the tag, such as registry.example/sailwright (default: sailwright)
  --out         folder to write to (default: dist/release)`;

async function run(): Promise<void> {
  const { repository, out } = readOptions();
  if (/[:@]/.test(repository.replace(/^[^/]*\//, ''))) throw new Error(`--repository ${repository}: leave the tag out`);
  const version = await readVersion();
  const image = `${repository}:${version}`;
  const bundle = join(out, `sailwright-${version}-bundle`);
  await writeFiles(out, [
    [`sailwright-${version}.yaml`, renderStaticManifest(version, image)],
    [`sailwright-${version}.tgz`, packChart(version, repository)],
  ]);
  // Of another version there might be files that this one has not.
  await rm(bundle, { recursive: true, force: true });
  await writeFiles(bundle, renderBundle(version, image));
}

async function writeFiles(folder: string, files: Iterable<[name: string, content: Buffer | string]>): Promise<void> {
  for (const [name, content] of files) {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
    console.log(`${path}: ${(content.length / 1e3).toFixed(0)} kB`);
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
