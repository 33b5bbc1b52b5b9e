import { ISTIO_KINDS } from '../../api/istio-kinds.ts';
import { PROXY_CONTAINER, REVISION_LABEL, CANONICAL_NAME_LABEL } from '../../api/istio-names.ts';
import { BUNDLE_VERSION } from '../../core/istio/gateway-api.ts';
import { parseRelease, type IstioRelease } from '../../core/istio/release.ts';
import { isJsonObject, type Json, type JsonObject, type KubeObject } from '../../core/kube-object.ts';
import type { GatewayApiFact, PrecheckFacts, ProxyFact } from '../../core/precheck/facts.ts';
import { judgeStored, type StoredResource } from '../../core/precheck/stored-resource.ts';
import { isForbidden, isKindNotServed } from '../../kube/errors.ts';
import type { KubeApi, KindRef, ReadOptions } from '../../kube/kube-api.ts';

/** An upgrade that may be about to begin. */
export interface PlannedUpgrade {
  from: IstioRelease;
  to: IstioRelease;
  /** Of the control plane; `default` for the one without a name. */
  revision: string;
}

type FetchedFacts = Pick<PrecheckFacts, 'proxies' | 'gatewayApi' | 'envoyFilters' | 'resources'>;

const POD: KindRef = { apiVersion: 'v1', kind: 'Pod' };
const ENVOY_FILTER: KindRef = { apiVersion: 'networking.istio.io/v1alpha3', kind: 'EnvoyFilter' };
const DEFINITION: KindRef = { apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition' };

/** Looks at what else in the cluster an upgrade meets. Of each object no more is kept than is asked. @throws ApiError */
export async function fetchPrecheckFacts(api: KubeApi, upgrade: PlannedUpgrade): Promise<FetchedFacts> {
  const { to, revision } = upgrade;
  const [proxies, gatewayApi, envoyFilters, resources] = await Promise.all([
    fetchProxies(api, revision),
    Promise.all(Object.keys(to.version.gatewayApi).map((definition) => fetchDefinition(api, definition))),
    listIfThere(api, ENVOY_FILTER, { reduce: matchesOnly }),
    fetchRefused(api, upgrade),
  ]);
  return { proxies, gatewayApi: gatewayApi.flat(), envoyFilters, resources };
}

/** Page by page: of what is stored no more is kept than is said against it. */
async function fetchRefused(api: KubeApi, upgrade: PlannedUpgrade): Promise<StoredResource[]> {
  const found: StoredResource[] = [];
  const reduce = (object: KubeObject): undefined => {
    const judged = judgeStored(object, upgrade);
    if (judged) found.push(judged);
    return undefined;
  };
  for (const { group, versions, kind } of ISTIO_KINDS) {
    await listIfThere(api, { apiVersion: `${group}/${versions[0]}`, kind }, { reduce });
  }
  return found;
}

/** What is injected has the label, and what Istio deploys for Gateways too. */
async function fetchProxies(api: KubeApi, revision: string): Promise<ProxyFact[]> {
  const reduce = (pod: KubeObject): KubeObject | undefined =>
    isOfRevision(pod, revision) && findProxy(pod) ? slim(pod) : undefined;
  const { items } = await api.list(POD, { labelSelector: CANONICAL_NAME_LABEL, reduce });
  return items.map(({ metadata: { name, namespace = '' }, version }) => ({
    name,
    namespace,
    version: typeof version === 'string' ? version : undefined,
  }));
}

/** Injection writes down who injected. */
function isOfRevision({ metadata }: KubeObject, revision: string): boolean {
  return (metadata.annotations?.[REVISION_LABEL] ?? metadata.labels?.[REVISION_LABEL] ?? 'default') === revision;
}

function findProxy({ spec }: KubeObject): JsonObject | undefined {
  const { containers, initContainers } = isJsonObject(spec) ? spec : {};
  return [...listOf(containers), ...listOf(initContainers)].find(({ name }) => name === PROXY_CONTAINER);
}

function slim(pod: KubeObject): KubeObject {
  const { name, namespace } = pod.metadata;
  const image = findProxy(pod)?.['image'];
  const tag = typeof image === 'string' ? image.slice(image.lastIndexOf(':') + 1) : '';
  const known = parseRelease(tag);
  const metadata = { name, ...(namespace === undefined ? {} : { namespace }) };
  return { ...POD, metadata, ...(known ? { version: `${known.minor}.${known.patch}` } : {}) };
}

async function fetchDefinition(api: KubeApi, definition: string): Promise<GatewayApiFact[]> {
  const found = await api.get({ ...DEFINITION, name: definition });
  if (!found) return [];
  const bundle = found.metadata.annotations?.[BUNDLE_VERSION];
  return [{ definition, bundle, isUsed: await isUsed(api, found) }];
}

/** In doubt it is. */
async function isUsed(api: KubeApi, { spec }: KubeObject): Promise<boolean> {
  const { group, names, versions } = isJsonObject(spec) ? spec : {};
  const served = listOf(versions).find((version) => version['served'] === true);
  const kind = isJsonObject(names) ? names['kind'] : undefined;
  if (typeof group !== 'string' || typeof kind !== 'string' || typeof served?.['name'] !== 'string') return true;
  try {
    const { items } = await api.list({ apiVersion: `${group}/${served['name']}`, kind }, { metadataOnly: true });
    return items.length > 0;
  } catch (error) {
    if (isKindNotServed(error)) return false;
    if (isForbidden(error)) return true;
    throw error;
  }
}

function matchesOnly({ apiVersion, kind, metadata, spec }: KubeObject): KubeObject {
  const { name, namespace = '' } = metadata;
  const patches = listOf(isJsonObject(spec) ? spec['configPatches'] : undefined);
  const configPatches = patches.map(({ match = null }) => ({ match }));
  return { apiVersion, kind, metadata: { name, namespace }, spec: { configPatches } };
}

/** Nothing where the kind is not served, or not shown to this operator: there is no more than warnings in it. */
async function listIfThere(api: KubeApi, kind: KindRef, options: ReadOptions): Promise<KubeObject[]> {
  try {
    return (await api.list(kind, options)).items;
  } catch (error) {
    if (isKindNotServed(error) || isForbidden(error)) return [];
    throw error;
  }
}

function listOf(value: Json | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}
