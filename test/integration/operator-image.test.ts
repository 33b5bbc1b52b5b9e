// The image that `npm run image` builds: its layout, what is in it, and that it starts.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { writeArchive } from '../../tools/image/oci-archive.ts';
import { buildOperatorImage, type OperatorImage } from '../../tools/image/operator-image.ts';
import { obtainForTests } from '../../tools/image/package-sets.ts';

const NAME = 'docker.io/library/sailwright:test';
const MEGABYTE = 1e6;

interface Descriptor {
  mediaType: string;
  digest: string;
  size: number;
  annotations?: Record<string, string>;
}

let folder: string;
let built: OperatorImage;
let again: OperatorImage;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sailwright-image-'));
  const base = await obtainForTests('base', (line) => console.warn(line));
  built = await buildOperatorImage(NAME, base);
  again = await buildOperatorImage(NAME, base);
  await writeArchive(join(folder, 'image.tar'), built.image);
  await mkdir(join(folder, 'layout'));
  run('tar', '-xf', join(folder, 'image.tar'), '-C', join(folder, 'layout'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

function run(command: string, ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 64 * MEGABYTE });
  expect(stderr).toBe('');
  expect(status).toBe(0);
  return stdout;
}

async function readLayout<T>(path: string): Promise<T> {
  return JSON.parse(await readFile(join(folder, 'layout', path), 'utf8')) as T;
}

/** A blob, of the size and hash that its descriptor says. */
async function readBlob({ digest, size }: Descriptor): Promise<Buffer> {
  const data = await readFile(join(folder, 'layout', 'blobs', digest.replace(':', '/')));
  expect(data.length).toBe(size);
  expect(hash(data)).toBe(digest);
  return data;
}

function hash(data: Buffer): string {
  return `sha256:${createHash('sha256').update(data).digest('hex')}`;
}

interface Contents {
  manifest: { config: Descriptor; layers: Descriptor[] };
  config: {
    config: { User: string; Entrypoint: string[]; Cmd: string[]; Labels: Record<string, string> };
    rootfs: { diff_ids: string[] };
  };
  layers: Buffer[];
}

let contents: Promise<Contents> | undefined;

function readContents(): Promise<Contents> {
  contents ??= unpackContents();
  return contents;
}

async function unpackContents(): Promise<Contents> {
  const { manifests } = await readLayout<{ manifests: [Descriptor] }>('index.json');
  const manifest = JSON.parse((await readBlob(manifests[0])).toString()) as Contents['manifest'];
  const config = JSON.parse((await readBlob(manifest.config)).toString()) as Contents['config'];
  const layers = await Promise.all(manifest.layers.map(async (layer) => gunzipSync(await readBlob(layer))));
  return { manifest, config, layers };
}

describe('the archive', () => {
  it('names one image, by which containerd knows it', async () => {
    expect(await readLayout('oci-layout')).toEqual({ imageLayoutVersion: '1.0.0' });
    const { manifests } = await readLayout<{ manifests: Descriptor[] }>('index.json');
    expect(manifests.map(({ digest, annotations }) => ({ digest, annotations }))).toEqual([
      {
        digest: built.image.digest,
        annotations: { 'io.containerd.image.name': NAME, 'org.opencontainers.image.ref.name': 'test' },
      },
    ]);
  });

  it('holds layers of the hashes that its configuration names, and nothing else', async () => {
    const { manifest, config, layers } = await readContents();
    expect(layers.map(hash)).toEqual(config.rootfs.diff_ids);
    const named = [built.image.digest, manifest.config.digest, ...manifest.layers.map(({ digest }) => digest)];
    const present = await readdir(join(folder, 'layout', 'blobs', 'sha256'));
    expect(present.map((digest) => `sha256:${digest}`).sort()).toEqual(named.sort());
  });

  it('can be loaded by Docker, too', async () => {
    const { manifest } = await readContents();
    const path = ({ digest }: Descriptor): string => `blobs/${digest.replace(':', '/')}`;
    expect(await readLayout('manifest.json')).toEqual([
      { Config: path(manifest.config), RepoTags: [NAME], Layers: manifest.layers.map(path) },
    ]);
  });
});

describe('the image', () => {
  it('is the same when it is built again', () => {
    expect(again.image.digest).toBe(built.image.digest);
    expect(again.bill).toBe(built.bill);
  });

  it('is below 150 MB', async () => {
    const { layers } = await readContents();
    expect(layers.reduce((sum, layer) => sum + layer.length, 0)).toBeLessThan(150 * MEGABYTE);
  });

  it('runs the operator as nobody, by number', async () => {
    const { config } = (await readContents()).config;
    expect(config.User).toBe('65532:65532');
    expect(config.Entrypoint.at(-1)).toBe('/app/sailwright.js');
    expect(config.Cmd).toEqual(['run']);
    expect(config.Labels).toMatchObject({
      'org.opencontainers.image.title': 'sailwright',
      'org.opencontainers.image.licenses': 'Apache-2.0',
    });
  });
});

describe('its file system', () => {
  let root: string;
  let paths: string[];

  beforeAll(async () => {
    root = join(folder, 'root');
    await mkdir(root);
    const { manifest } = await readContents();
    for (const { digest } of manifest.layers) {
      run('tar', '-xzf', join(folder, 'layout', 'blobs', digest.replace(':', '/')), '-C', root);
    }
    paths = await readdir(root, { recursive: true });
  });

  it('has no packages of npm beside the bundle, no shell and no maps', () => {
    expect(paths.filter((path) => /node_modules|\.map$|(?:^|\/)(?:ba|da)?sh$/.test(path))).toEqual([]);
  });

  it('has what a program needs of a system, and every licence', async () => {
    expect(paths).toEqual(
      expect.arrayContaining(['tmp', 'etc/nsswitch.conf', 'app/LICENSE', 'usr/share/doc/node/LICENSE']),
    );
    const authorities = await readFile(join(root, 'etc/ssl/certs/ca-certificates.crt'), 'utf8');
    expect(authorities.split('BEGIN CERTIFICATE').length).toBeGreaterThan(100);
    expect(await readFile(join(root, 'etc/passwd'), 'utf8')).toContain('sailwright:x:65532:65532:');
    expect(await readFile(join(root, 'app/LICENSES-of-packages.txt'), 'utf8')).toMatch(/^zod \d/m);
  });

  it('has a bill of materials of exactly what is in it', async () => {
    const bill = JSON.parse(await readFile(join(root, 'app/sbom.cdx.json'), 'utf8')) as {
      bomFormat: string;
      components: { name: string; purl: string }[];
    };
    expect(bill.bomFormat).toBe('CycloneDX');
    const names = bill.components.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['zod', 'pino', 'node', 'libc6', 'ca-certificates']));
    // Only tests use it.
    expect(names).not.toContain('kubernetes-fluent-client');
    const debian = bill.components.filter(({ purl }) => purl.startsWith('pkg:deb/')).map(({ name }) => name);
    expect(debian.sort()).toEqual((await readdir(join(root, 'var/lib/dpkg/status.d'))).sort());
  });

  it.skipIf(process.getuid?.() !== 0)('starts the operator, with what is in the image alone (needs root)', async () => {
    const inside = (script: string): string =>
      run('chroot', '--userspec=65532:65532', root, '/usr/bin/node', ...script.split(' '));
    const { version } = JSON.parse(await readFile('package.json', 'utf8')) as { version: string };
    expect(inside('--max-semi-space-size=4 /app/sailwright.js version').trim()).toBe(version);
    expect(inside('/app/sailwright.js run --help')).toContain('--webhook-port');
  });
});
