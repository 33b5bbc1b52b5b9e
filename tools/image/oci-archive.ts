import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { fileEntry, type FileTree } from './file-tree.ts';
import { packTar } from './tar.ts';

/** What an image runs, and what it says of itself. */
export interface ImageConfig {
  /** `amd64` or `arm64`. */
  readonly architecture: string;
  /** Annotations of the OCI by their full names; they are labels of the configuration as well. */
  readonly annotations?: Readonly<Record<string, string>>;
  /** RFC 3339. */
  readonly created: string;
  readonly user?: string;
  /** Variables other than PATH, as `NAME=value`. */
  readonly env?: readonly string[];
  readonly path?: string;
  readonly entrypoint: readonly string[];
  readonly cmd?: readonly string[];
  readonly workingDir?: string;
  readonly exposedPorts?: readonly number[];
}

export interface ImageLayer {
  readonly tree: FileTree;
  /** Shown by `history`. */
  readonly createdBy: string;
}

export interface ImageSource {
  /** Full names, such as `docker.io/library/sailwright:0.1.0`. */
  readonly names: readonly string[];
  readonly config: ImageConfig;
  /** The lowest first. */
  readonly layers: readonly ImageLayer[];
  /** Smaller to push, slower to make. */
  readonly compress: boolean;
}

interface Blob {
  readonly digest: string;
  readonly data: Buffer;
}

interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

/** An image as blobs, of which the manifest's digest names all. */
export interface Image {
  readonly names: readonly string[];
  readonly digest: string;
  readonly manifest: Descriptor;
  readonly blobs: readonly Blob[];
  /** For readers of Docker's own archives. */
  readonly dockerEntry: Readonly<Record<string, unknown>>;
}

const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const MEDIA = 'application/vnd.oci.image';

export function buildImage({ names, config, layers, compress }: ImageSource): Image {
  const packed = layers.map(({ tree, createdBy }) => {
    const tar = packTar(tree);
    return { diffId: digestOf(tar), blob: blobOf(compress ? gzipSync(tar, { level: 9 }) : tar), createdBy };
  });
  const configBlob = blobOf(
    jsonBuffer(
      describeConfig(
        config,
        packed.map(({ diffId }) => diffId),
        layers,
      ),
    ),
  );
  const layerType = `${MEDIA}.layer.v1.tar${compress ? '+gzip' : ''}`;
  const manifest = blobOf(
    jsonBuffer({
      schemaVersion: 2,
      mediaType: `${MEDIA}.manifest.v1+json`,
      config: describe(configBlob, `${MEDIA}.config.v1+json`),
      layers: packed.map(({ blob }) => describe(blob, layerType)),
      ...(config.annotations && { annotations: config.annotations }),
    }),
  );
  return {
    names,
    digest: manifest.digest,
    manifest: describe(manifest, `${MEDIA}.manifest.v1+json`),
    blobs: [manifest, configBlob, ...packed.map(({ blob }) => blob)],
    dockerEntry: {
      Config: blobPath(configBlob),
      RepoTags: names,
      Layers: packed.map(({ blob }) => blobPath(blob)),
    },
  };
}

function describeConfig(
  config: ImageConfig,
  diffIds: readonly string[],
  layers: readonly ImageLayer[],
): Record<string, unknown> {
  const ports = Object.fromEntries((config.exposedPorts ?? []).map((port) => [`${port}/tcp`, {}]));
  return {
    architecture: config.architecture,
    os: 'linux',
    created: config.created,
    config: {
      ...(config.user !== undefined && { User: config.user }),
      ...(config.exposedPorts && { ExposedPorts: ports }),
      Env: [`PATH=${config.path ?? DEFAULT_PATH}`, ...(config.env ?? [])],
      Entrypoint: config.entrypoint,
      ...(config.cmd && { Cmd: config.cmd }),
      WorkingDir: config.workingDir ?? '/',
      ...(config.annotations && { Labels: config.annotations }),
    },
    rootfs: { type: 'layers', diff_ids: diffIds },
    history: layers.map(({ createdBy }) => ({ created: config.created, created_by: createdBy })),
  };
}

/**
 * Writes an archive of one image, in the layout of the OCI, that containerd imports under the image's full names and
 * skopeo and crane push; `manifest.json` is for `docker load`.
 */
export async function writeArchive(path: string, image: Image): Promise<void> {
  const index = {
    schemaVersion: 2,
    mediaType: `${MEDIA}.index.v1+json`,
    manifests: image.names.map((name) => ({ ...image.manifest, annotations: annotateName(name) })),
  };
  const tree: FileTree = new Map([
    ['oci-layout', fileEntry(jsonBuffer({ imageLayoutVersion: '1.0.0' }))],
    ['index.json', fileEntry(jsonBuffer(index))],
    ['manifest.json', fileEntry(jsonBuffer([image.dockerEntry]))],
    ...image.blobs.map((blob) => [blobPath(blob), fileEntry(blob.data)] as const),
  ]);
  await writeFile(path, packTar(tree));
}

function annotateName(name: string): Record<string, string> {
  const tag = name.slice(name.lastIndexOf(':') + 1);
  return { 'io.containerd.image.name': name, 'org.opencontainers.image.ref.name': tag };
}

function blobPath({ digest }: Blob): string {
  return `blobs/${digest.replace(':', '/')}`;
}

function describe({ digest, data }: Blob, mediaType: string): Descriptor {
  return { mediaType, digest, size: data.length };
}

function blobOf(data: Buffer): Blob {
  return { digest: digestOf(data), data };
}

function digestOf(data: Buffer): string {
  return `sha256:${createHash('sha256').update(data).digest('hex')}`;
}

function jsonBuffer(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}
