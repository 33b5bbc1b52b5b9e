// `npm run image`: the operator's image as an archive, without Docker. docs/guides/image.md tells what to do with it.
import { mkdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';

import { debianArchitecture } from './debian-packages.ts';
import { writeArchive } from './oci-archive.ts';
import { buildOperatorImage, defaultName, readVersion } from './operator-image.ts';
import { obtainLocked, renewLock } from './package-sets.ts';

const USAGE = `usage: npm run image -- [--name NAME:TAG] [--out FILE] [--renew-base]

  --name        the image's full name (default: docker.io/library/sailwright:VERSION)
  --out         the archive (default: dist/image/sailwright-VERSION-linux-ARCHITECTURE.tar); the bill of materials
                is written beside it
  --renew-base  first lock the packages of the base that this machine's archive of Debian has now`;

async function run(): Promise<void> {
  const options = readOptions();
  const version = await readVersion();
  const name = options.name ?? defaultName(version);
  if (!/^[^/\s]+\/\S+:[\w.-]+$/.test(name)) {
    throw new Error(`--name ${name}: give the full name with registry and tag, such as registry.example/sailwright:1`);
  }
  const out = options.out ?? join('dist', 'image', `sailwright-${version}-linux-${debianArchitecture()}.tar`);
  if (options['renew-base'] === true) {
    for (const { name, version } of await renewLock()) console.log(`locked: ${name} ${version}`);
  }
  const { image, bill } = await buildOperatorImage(name, await obtainLocked('base'));
  await mkdir(dirname(out), { recursive: true });
  await writeArchive(out, image);
  const billFile = out.replace(/\.tar$/, '') + '.cdx.json';
  await writeFile(billFile, bill);
  const megabytes = ((await stat(out)).size / 1e6).toFixed(1);
  console.log(`${out}: ${name}, ${megabytes} MB\n${image.digest}\n${billFile}: what is in it`);
}

function readOptions(): { name?: string; out?: string; 'renew-base'?: boolean } {
  try {
    return parseArgs({
      options: { name: { type: 'string' }, out: { type: 'string' }, 'renew-base': { type: 'boolean' } },
    }).values;
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`, { cause: error });
  }
}

try {
  await run();
} catch (error) {
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) console.error(cause.message);
  process.exitCode = 1;
}
