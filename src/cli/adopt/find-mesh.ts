import { gunzipSync } from 'node:zlib';
import { ISTIO_OPERATOR } from '../../api/install/istio-operator-kind.ts';
import { MANAGED_GATEWAY_LABEL, REVISION_LABEL, USUAL_NAMESPACE } from '../../api/istio-names.ts';
import { COMPONENT_LABEL, MANAGED_LABEL, OWNER_NAMESPACE_LABEL, OWNER_NAME_LABEL } from '../../api/our-names.ts';
import { WATCHED_KINDS } from '../../controllers/istio-operator/watched-kinds.ts';
import { errorText } from '../../core/error-text.ts';
import { groupBy } from '../../core/group-by.ts';
import {
  findDeployed,
  HELM_OWNER_LABEL,
  HELM_SECRET_TYPE,
  readHelmRelease,
  type HelmRelease,
} from '../../core/hand-over/helm-release.ts';
import type { SailParents } from '../../core/hand-over/other-writers.ts';
import { ISTIO_CHARTS } from '../../core/hand-over/translate-helm.ts';
import { isJsonObject, objectKey, refOf, type KubeObject } from '../../core/kube-object.ts';
import { isKindNotServed } from '../../kube/errors.ts';
import type { KubeApi, KindRef } from '../../kube/kube-api.ts';
import { mapConcurrently } from '../../runtime/map-concurrently.ts';
import { InputError } from '../shell/input-error.ts';
import { fetchSailParents } from './find-sail.ts';

/** What there is of a mesh that others installed. */
export interface FormerMesh {
  namespace: string;
  /** `values.revision`, or the empty string. */
  revision: string;
  istiod: KubeObject;
  /** Everything that carries Istio's labels and is not ours. */
  objects: KubeObject[];
  /** The releases in force of Istio's charts that belong to it. */
  releases: HelmRelease[];
  /** Secrets of all versions of these releases. */
  releaseSecrets: KubeObject[];
  /** The resource of Istio's former operator that it was made from. */
  resource: KubeObject | undefined;
  /** Deployments of Istio's former operator. */
  operators: KubeObject[];
  /** Which resources of the Sail operator stand behind its revisions. */
  sailParents: SailParents;
  /** What could not be read. */
  warnings: string[];
}

/** Where to look. */
export interface MeshWanted {
  namespace: string | undefined;
  revision: string | undefined;
}

const CONCURRENCY = 8;
const SELECTORS = ['app.kubernetes.io/part-of=istio', COMPONENT_LABEL];
const DEPLOYMENT: KindRef = { apiVersion: 'apps/v1', kind: 'Deployment' };
const SECRET: KindRef = { apiVersion: 'v1', kind: 'Secret' };
const FORMER_OPERATOR = /\/operator:[\w.-]+$/;
/** Secrets of releases that are read; Helm keeps ten versions of each. */
const MAX_SECRETS = 200;

/** Looks for the control plane and all that goes with it, by the rights of whoever asks. @throws ApiError, InputError */
export async function findMesh(api: KubeApi, wanted: MeshWanted): Promise<FormerMesh> {
  const warnings: string[] = [];
  const objects = await fetchLabelled(api, warnings);
  const istiod = chooseControlPlane(objects, wanted);
  const namespace = istiod.metadata.namespace ?? USUAL_NAMESPACE;
  const revision = revisionOf(istiod);
  const isOnly = objects.filter(isControlPlane).length === 1;
  const mine = objects.filter((object) => isOnly || isOfRevision(object, revision));
  const { releases, secrets } = await fetchReleases(api, mine, revision, warnings);
  const operators = await fetchFormerOperators(api, namespace);
  const resource = await fetchResource(api, istiod);
  return {
    namespace,
    revision,
    istiod,
    objects: mine,
    releases,
    releaseSecrets: secrets,
    resource,
    operators,
    sailParents: await fetchSailParents(api, mine, warnings),
    warnings,
  };
}

async function fetchLabelled(api: KubeApi, warnings: string[]): Promise<KubeObject[]> {
  const found = new Map<string, KubeObject>();
  await mapConcurrently(WATCHED_KINDS, CONCURRENCY, async (kind) => {
    try {
      for (const labelSelector of SELECTORS) {
        const { items } = await api.list(kind, {
          labelSelector,
          reduce: (object) => (isForeign(object) ? object : undefined),
        });
        for (const object of items) found.set(objectKey(refOf(object)), object);
      }
    } catch (error) {
      if (!isKindNotServed(error)) warnings.push(`could not read ${kind.kind}: ${errorText(error)}`);
    }
  });
  return [...found.values()];
}

/** Kubernetes copies the labels of Services to the slices that it makes for them. */
const SLICES_OF_KUBERNETES = /^endpointslice(mirroring)?-controller\.k8s\.io$/;
const SLICE_MAKER_LABEL = 'endpointslice.kubernetes.io/managed-by';

function isForeign({ metadata: { labels = {} } }: KubeObject): boolean {
  if (SLICES_OF_KUBERNETES.test(labels[SLICE_MAKER_LABEL] ?? '')) return false;
  return labels[MANAGED_LABEL] !== 'true' && labels[MANAGED_GATEWAY_LABEL] === undefined;
}

function isControlPlane({ kind, metadata }: KubeObject): boolean {
  return kind === 'Deployment' && metadata.labels?.['app'] === 'istiod';
}

function revisionOf({ metadata }: KubeObject): string {
  const revision = metadata.labels?.[REVISION_LABEL] ?? 'default';
  return revision === 'default' ? '' : revision;
}

function isOfRevision({ metadata }: KubeObject, revision: string): boolean {
  const label = metadata.labels?.[REVISION_LABEL];
  return label === undefined || label === (revision || 'default');
}

function chooseControlPlane(objects: readonly KubeObject[], { namespace, revision }: MeshWanted): KubeObject {
  const all = objects.filter(isControlPlane).filter(({ metadata }) => !namespace || metadata.namespace === namespace);
  const fitting = all.filter(
    (object) => revision === undefined || revisionOf(object) === (revision === 'default' ? '' : revision),
  );
  const [first, ...more] = fitting;
  const named = all.map((object) => `${object.metadata.namespace ?? ''}/${revisionOf(object) || 'default'}`).join(', ');
  if (!first) {
    const there = named === '' ? 'there is none that others installed' : `there are: ${named}`;
    throw new InputError(`no control plane of Istio was found to take over; ${there}`);
  }
  if (more.length > 0)
    throw new InputError(`there are several control planes (${named}): name one with --revision and -n`);
  return first;
}

async function fetchReleases(
  api: KubeApi,
  objects: readonly KubeObject[],
  revision: string,
  warnings: string[],
): Promise<{ releases: HelmRelease[]; secrets: KubeObject[] }> {
  const names = groupBy(objects.flatMap(helmNameOf), ({ namespace }) => namespace);
  const secrets: KubeObject[] = [];
  for (const [namespace, found] of names) {
    const wanted = [...new Set(found.map(({ name }) => name))];
    const labelSelector = `${HELM_OWNER_LABEL}=helm,name in (${wanted.join(',')})`;
    const { items } = await api.list(SECRET, { namespace, labelSelector, fieldSelector: `type=${HELM_SECRET_TYPE}` });
    secrets.push(...items);
  }
  if (secrets.length > MAX_SECRETS)
    throw new InputError(`there are ${secrets.length} Secrets of Helm releases, too many to read`);
  const read = secrets.flatMap((secret) => readRelease(secret, warnings));
  const releases = findDeployed(read.filter(({ chart }) => ISTIO_CHARTS.has(chart.name))).filter((release) =>
    isOf(release, revision),
  );
  const kept = new Set(releases.map(({ namespace, name }) => `${namespace}/${name}`));
  const ofKept = read
    .filter(({ namespace, name }) => kept.has(`${namespace}/${name}`))
    .map(({ secret }) => secret.name);
  return { releases, secrets: secrets.filter(({ metadata }) => ofKept.includes(metadata.name)) };
}

function helmNameOf({ metadata: { annotations = {} } }: KubeObject): { name: string; namespace: string }[] {
  const name = annotations['meta.helm.sh/release-name'];
  const namespace = annotations['meta.helm.sh/release-namespace'];
  return name !== undefined && namespace !== undefined && /^[a-z0-9.-]+$/.test(name) ? [{ name, namespace }] : [];
}

function readRelease(secret: KubeObject, warnings: string[]): HelmRelease[] {
  try {
    return [
      readHelmRelease(secret, (packed, maxOutputLength) => gunzipSync(packed, { maxOutputLength }).toString('utf8')),
    ];
  } catch (error) {
    warnings.push(
      `Secret ${secret.metadata.namespace ?? ''}/${secret.metadata.name} cannot be read: ${errorText(error)}`,
    );
    return [];
  }
}

/** What revisions share belongs to any of them. */
function isOf({ chart, values }: HelmRelease, revision: string): boolean {
  if (chart.name === 'base' || chart.name === 'cni' || chart.name === 'ztunnel') return true;
  const own = values['revision'];
  return (typeof own === 'string' && own !== 'default' ? own : '') === revision;
}

async function fetchFormerOperators(api: KubeApi, namespace: string): Promise<KubeObject[]> {
  const places = [...new Set([namespace, 'istio-operator'])];
  const lists = await Promise.all(places.map((place) => api.list(DEPLOYMENT, { namespace: place })));
  return lists
    .flatMap(({ items }) => items)
    .filter(
      ({ metadata, spec }) =>
        metadata.labels?.[MANAGED_LABEL] !== 'true' && imagesOf(spec).some((image) => FORMER_OPERATOR.test(image)),
    );
}

function imagesOf(spec: unknown): string[] {
  const template = isJsonObject(spec) ? spec['template'] : undefined;
  const pod = isJsonObject(template) ? template['spec'] : undefined;
  const containers = isJsonObject(pod) ? pod['containers'] : undefined;
  return (Array.isArray(containers) ? containers : []).filter(isJsonObject).map(({ image }) => String(image as string));
}

async function fetchResource(api: KubeApi, { metadata: { labels = {} } }: KubeObject): Promise<KubeObject | undefined> {
  const [name, namespace] = [labels[OWNER_NAME_LABEL], labels[OWNER_NAMESPACE_LABEL]];
  if (name === undefined || namespace === undefined || name === 'unknown') return undefined;
  try {
    return await api.get({ ...ISTIO_OPERATOR, name, namespace });
  } catch (error) {
    if (isKindNotServed(error)) return undefined;
    throw error;
  }
}
