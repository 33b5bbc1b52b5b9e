import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';

import { bundle } from '../bundle.ts';
import { readBaseSystem, type Account } from './base-system.ts';
import { describeMaterials, readNpmBill } from './bill-of-materials.ts';
import { collectLicences, findBundledPackages, type BundledPackage } from './bundled-packages.ts';
import { readCommit, type Commit } from './commit.ts';
import { debianArchitecture, type ObtainedPackage } from './debian-packages.ts';
import { EXECUTABLE, fileEntry, mergeTrees, type FileTree, type TreeEntry } from './file-tree.ts';
import { buildImage, type Image } from './oci-archive.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const NODE = 'node_modules/node';
/** Kubernetes checks `runAsNonRoot` by the number. */
const USER: Account = { name: 'sailwright', id: 65532 };

export interface OperatorImage {
  readonly image: Image;
  /** The bill of materials, which is in the image as well. */
  readonly bill: string;
}

/** The full name of the image that `config/manager` runs before anybody names another. */
export function defaultName(version: string): string {
  return `docker.io/library/sailwright:${version}`;
}

export async function readVersion(): Promise<string> {
  return (JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as { version: string }).version;
}

/**
 * The operator's image: Node and what it needs in a layer that seldom changes, the bundle in another. It depends on the
 * tree, the packages of the base and Node's version alone.
 */
export async function buildOperatorImage(
  name: string,
  base: readonly ObtainedPackage[],
  { compress } = { compress: true },
): Promise<OperatorImage> {
  const version = await readVersion();
  const commit = await readCommit(ROOT);
  const { tree, bundled } = await bundleTree();
  const node = await readFile(join(ROOT, NODE, 'bin/node'));
  const bill = describeMaterials(await readNpmBill(ROOT), {
    name: 'sailwright',
    version,
    created: commit.created,
    bundled,
    node: { version: await nodeVersion(), sha256: createHash('sha256').update(node).digest('hex') },
    debian: base.map(({ file: _, ...named }) => named),
    architecture: debianArchitecture(),
  });
  const billText = `${JSON.stringify(bill, undefined, 2)}\n`;
  const runtime = mergeTrees(await readBaseSystem(base, USER), await nodeTree(node));
  const application = mergeTrees(tree, await legalTree(bundled), new Map([['app/sbom.cdx.json', fileEntry(billText)]]));
  const image = buildImage({
    names: [name],
    layers: [
      { tree: runtime, createdBy: 'Node and the libraries of Debian that it needs' },
      { tree: application, createdBy: `sailwright ${version}` },
    ],
    compress,
    config: {
      architecture: debianArchitecture(),
      created: commit.created,
      annotations: annotations(version, commit),
      user: `${USER.id}:${USER.id}`,
      // One arena: the C library's many for few threads hold tens of megabytes that nobody uses.
      env: ['NODE_ENV=production', 'MALLOC_ARENA_MAX=1'],
      // Admission calls make short-lived garbage: a small young generation keeps it in the CPU's cache and the process small.
      entrypoint: ['/usr/bin/node', '--max-semi-space-size=4', '/app/sailwright.js'],
      cmd: ['run'],
      workingDir: '/app',
      exposedPorts: [8080, 8081, 9443],
    },
  });
  return { image, bill: billText };
}

function annotations(version: string, { created, revision }: Commit): Record<string, string> {
  const values = {
    title: 'sailwright',
    description: 'In-cluster operator for the Istio service mesh',
    licenses: 'Apache-2.0',
    version,
    created,
    ...(revision !== undefined && { revision }),
  };
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [`org.opencontainers.image.${key}`, value]));
}

/** The bundle without its maps, which nobody reads in a container. */
async function bundleTree(): Promise<{ tree: FileTree; bundled: BundledPackage[] }> {
  const outdir = await mkdtemp(join(ROOT, 'dist-image-'));
  try {
    const metafile = await bundle({ outdir, sourcemap: false });
    const files = Object.keys(metafile.outputs).map(async (path): Promise<[string, TreeEntry]> => {
      return [`app/${basename(path)}`, fileEntry(await readFile(join(ROOT, path)))];
    });
    return { tree: new Map(await Promise.all(files)), bundled: await findBundledPackages(ROOT, metafile) };
  } finally {
    await rm(outdir, { recursive: true, force: true });
  }
}

async function nodeTree(node: Buffer): Promise<FileTree> {
  const license = await readFile(join(ROOT, NODE, 'node_modules', nodePackage(), 'LICENSE'));
  return new Map([
    ['usr/bin/node', fileEntry(node, EXECUTABLE)],
    ['usr/share/doc/node/LICENSE', fileEntry(license)],
  ]);
}

function nodePackage(): string {
  return `node-linux-${process.arch}`;
}

async function nodeVersion(): Promise<string> {
  return (JSON.parse(await readFile(join(ROOT, NODE, 'package.json'), 'utf8')) as { version: string }).version;
}

async function legalTree(bundled: readonly BundledPackage[]): Promise<FileTree> {
  return new Map([
    ['app/LICENSE', fileEntry(await readFile(join(ROOT, 'LICENSE')))],
    ['app/LICENSES-of-packages.txt', fileEntry(await collectLicences(ROOT, bundled))],
  ]);
}
