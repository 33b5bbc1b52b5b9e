import { PROXY_CONTAINER } from '../../api/istio-names.ts';
import { isJsonObject, type KubeObject } from '../kube-object.ts';
import type { Pausable } from '../pausable.ts';
import { revisionOfPod } from './pod-revision.ts';

/** How many pods run a proxy of one version under one control plane. */
export interface ProxyCount {
  revision: string;
  /** Tag of the proxy's image, or the beginning of its digest; `unknown` where neither is there. */
  version: string;
  pods: number;
}

/** A list that anybody can make longer, by odd images of his pods, is cut. */
const MOST_VERSIONS = 20;
const REST = 'others';
const DIGEST_LENGTH = 19;

/** The pods with a proxy by revision, each with the most common versions first. */
export function* countProxies(pods: readonly KubeObject[]): Pausable<Map<string, ProxyCount[]>> {
  const byRevision = new Map<string, Map<string, number>>();
  for (const pod of pods) {
    yield;
    const revision = revisionOfPod(pod);
    if (revision === undefined) continue;
    const versions = byRevision.get(revision) ?? new Map<string, number>();
    byRevision.set(revision, versions);
    const version = proxyVersionOf(pod);
    versions.set(version, (versions.get(version) ?? 0) + 1);
  }
  return new Map([...byRevision].map(([revision, versions]) => [revision, toCounts(revision, versions)]));
}

function toCounts(revision: string, versions: ReadonlyMap<string, number>): ProxyCount[] {
  const counts = [...versions]
    .map(([version, pods]) => ({ revision, version, pods }))
    .sort((a, b) => b.pods - a.pods || (a.version < b.version ? -1 : 1));
  const rest = counts.slice(MOST_VERSIONS).reduce((sum, { pods }) => sum + pods, 0);
  const shown = counts.slice(0, MOST_VERSIONS);
  return rest === 0 ? shown : [...shown, { revision, version: REST, pods: rest }];
}

/** Tag of the image of a pod's proxy, or the beginning of its digest; `unknown` where neither is there. */
export function proxyVersionOf({ spec }: KubeObject): string {
  const lists = isJsonObject(spec) ? [spec['containers'], spec['initContainers']] : [];
  const containers = lists.flatMap((list) => (Array.isArray(list) ? list.filter(isJsonObject) : []));
  const image = containers.find(({ name }) => name === PROXY_CONTAINER)?.['image'];
  return typeof image === 'string' ? versionOfImage(image) : 'unknown';
}

/** `registry:5000/istio/proxyv2:1.31.4@sha256:...`: the tag counts before the digest. */
function versionOfImage(image: string): string {
  const [name = '', digest] = image.split('@');
  const tag = /:([^:/]+)$/.exec(name)?.[1];
  return tag ?? digest?.slice(0, DIGEST_LENGTH) ?? 'unknown';
}
