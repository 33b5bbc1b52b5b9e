import { isJsonObject, type JsonObject, type KubeObject, type ObjectRef } from '../kube-object.ts';
import { printed } from '../values/value-tree.ts';

/** A release of Helm as its Secret holds it; Helm 3 and 4 write the same form. */
export interface HelmRelease {
  name: string;
  namespace: string;
  /** Counted by Helm from 1. */
  version: number;
  /** `deployed` is the one that is in force. */
  status: string;
  chart: { name: string; version: string };
  /** What the user gave, without the chart's own values. */
  values: JsonObject;
  /** The Secret that holds it. */
  secret: ObjectRef;
}

/** Where Helm keeps releases: the type, the label that it looks for them by, and how long one may be. */
export const HELM_SECRET_TYPE = 'helm.sh/release.v1';
export const HELM_OWNER_LABEL = 'owner';
/** Characters of base64; a Secret has one MiB at the most. */
const MAX_PACKED = 1_400_000;
/** Bytes of one release. The largest of Istio, the base chart with its definitions, has two MiB. */
export const MAX_UNPACKED = 16 * 1024 * 1024;

/** Undoes gzip. @throws when there would be more than the limit in bytes, or when it is no gzip */
export type Gunzip = (packed: Uint8Array, limit: number) => string;

/**
 * Reads a release from its Secret. Anybody may write such a Secret, so that its size is bounded before and after it is
 * unpacked, and its shape is checked.
 * @throws Error that says what is wrong, without the Secret's name
 */
export function readHelmRelease(secret: KubeObject, gunzip: Gunzip): HelmRelease {
  const data = isJsonObject(secret['data']) ? secret['data']['release'] : undefined;
  if (secret['type'] !== HELM_SECRET_TYPE || typeof data !== 'string') throw new Error('it is no release of Helm');
  if (data.length > MAX_PACKED) throw new Error('it is larger than a release can be');
  const { metadata } = secret;
  const release = parse(gunzip(unpacked(data), MAX_UNPACKED));
  const { name, namespace, version, info, chart, config } = release;
  const about = isJsonObject(chart) ? chart['metadata'] : undefined;
  if (typeof name !== 'string' || typeof namespace !== 'string' || !isJsonObject(about)) {
    throw new Error('it holds no release: name, namespace or chart are missing');
  }
  if (namespace !== metadata.namespace) throw new Error(`it is of namespace "${namespace}", where it does not lie`);
  return {
    name,
    namespace,
    version: Number(version),
    status: isJsonObject(info) ? printed(info['status']) : '',
    chart: { name: printed(about['name']), version: printed(about['version']) },
    values: isJsonObject(config) ? config : {},
    secret: { apiVersion: 'v1', kind: 'Secret', namespace, name: metadata.name },
  };
}

/** Helm packs with base64 itself, and the API server once more. */
function unpacked(data: string): Uint8Array {
  return Uint8Array.from(atob(atob(data)), (character) => character.charCodeAt(0));
}

function parse(text: string): JsonObject {
  const release: unknown = JSON.parse(text);
  if (!isJsonObject(release)) throw new Error('it holds no release');
  return release;
}

/** Of each release the one in force: deployed, and the last of these. */
export function findDeployed(releases: readonly HelmRelease[]): HelmRelease[] {
  const latest = new Map<string, HelmRelease>();
  for (const release of releases.filter(({ status }) => status === 'deployed')) {
    const key = `${release.namespace}/${release.name}`;
    const known = latest.get(key);
    if (!known || known.version < release.version) latest.set(key, release);
  }
  return [...latest.values()].sort((a, b) => (releaseName(a) < releaseName(b) ? -1 : 1));
}

/** `istio-system/istiod`. */
export function releaseName({ namespace, name }: Pick<HelmRelease, 'namespace' | 'name'>): string {
  return `${namespace}/${name}`;
}
