import { kindOf, KIND } from '../../core/analyze/kinds.ts';
import { CONTROL_PLANE, INJECTOR, MESH, revisionIn } from '../../core/inject/control-plane-objects.ts';
import { groupOf, isJsonObject, type Json, type JsonObject, type KubeObject } from '../../core/kube-object.ts';
import { computeReport } from '../../core/report/compute-report.ts';
import type { MeshState } from '../../core/mesh/mesh-state.ts';
import { toMeshStatus, type MeshStatus } from '../status/mesh-status.ts';
import { redact, redactText } from './redact.ts';
import { isForbidden } from '../../kube/errors.ts';
import type { KubeApi } from '../../kube/kube-api.ts';
import { mapConcurrently } from '../../runtime/map-concurrently.ts';
import { readCertificate } from '../../runtime/read-certificate.ts';
import { VERSION } from '../../version.ts';
import { fetchMesh } from '../mesh/fetch-mesh.ts';
import { fetchProxies } from '../proxies/proxies.ts';
import { toStructured } from '../shell/structured.ts';
import { statusText } from '../status/status-text.ts';

const OPERATOR_NAMESPACE = 'sailwright-system';
const CONCURRENCY = 4;
const COLUMNS = 120;

/** Groups whose objects say what the mesh is to do. */
const ISTIO = /(^|\.)(istio\.io|sailwright\.dev)$/;
const OF_WORKLOADS = [
  { apiVersion: 'apps/v1', kind: 'Deployment' },
  { apiVersion: 'apps/v1', kind: 'DaemonSet' },
  { apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler' },
  { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget' },
  { apiVersion: 'v1', kind: 'Event' },
];

/** Files of a report by their paths. All texts went through {@link redact}. */
export type ReportFiles = ReadonlyMap<string, string>;

/** What a bug report holds, and what is missing in it. */
export interface BugReport {
  files: ReportFiles;
  unread: MeshState['unread'];
}

/** Gathers a bug report. Reads no Secrets. @throws ApiError */
export async function collectBugReport(api: KubeApi, istioNamespace: string): Promise<BugReport> {
  const kubeVersion = await api.serverVersion();
  const mesh = await fetchMesh(api, { istioNamespace });
  const source = { kind: 'cluster', name: '', sailwright: VERSION } as const;
  const report = computeReport({ source, mesh, surroundings: { now: Date.now(), readCertificate } });
  const status = toMeshStatus(report, mesh.objects, readCertificate);
  const { proxies } = await fetchProxies(api, istioNamespace);
  const own = await fetchOwn(api, [istioNamespace, OPERATOR_NAMESPACE]);
  const files = new Map<string, Json>([
    ['versions.json', { sailwright: VERSION, kubernetes: kubeVersion, node: process.version }],
    ['report.json', report as unknown as Json],
    ['proxies.json', proxies.map(({ review, ...proxy }) => ({ ...proxy, ...withoutValues(review) }))],
    ['unread.json', [...mesh.unread] as unknown as Json],
    ['resources.yaml', mesh.objects.filter(isOfMesh) as unknown as Json],
    ['control-plane.yaml', mesh.objects.filter((object) => isControlPlane(object, istioNamespace)) as unknown as Json],
    ['workloads.yaml', own as unknown as Json],
    ['pods.yaml', mesh.pods.map(slimPod)],
  ]);
  const texts = new Map([
    ['contents.txt', contents([...files.keys()], status)],
    ...[...files].map(([path, value]) => [path, asText(path, redact(value))] as const),
  ]);
  return { files: texts, unread: mesh.unread };
}

function asText(path: string, value: Json): string {
  return toStructured(value, path.endsWith('.yaml') ? 'yaml' : 'json');
}

/** The fields that differ are told; what stands in them may be somebody's. */
function withoutValues(review: object): object {
  if (!('differences' in review) || !Array.isArray(review.differences)) return review;
  return { ...review, differences: review.differences.map(({ path }: { path: string }) => path) };
}

function isOfMesh({ apiVersion, kind }: KubeObject): boolean {
  const group = groupOf(apiVersion);
  const known = kindOf(group, kind);
  const isWebhook = known === KIND.mutatingWebhookConfiguration || known === KIND.validatingWebhookConfiguration;
  return ISTIO.test(group) || isWebhook || group === 'gateway.networking.k8s.io' || known === KIND.namespace;
}

/** The ConfigMaps by which istiod runs; those of others are nobody's business. */
function isControlPlane({ kind, metadata }: KubeObject, istioNamespace: string): boolean {
  if (metadata.namespace !== istioNamespace || kind !== 'ConfigMap') return false;
  return [INJECTOR, MESH].some((name) => revisionIn(metadata.name, name) !== undefined);
}

async function fetchOwn(api: KubeApi, namespaces: readonly string[]): Promise<KubeObject[]> {
  const places = namespaces.flatMap((namespace) => OF_WORKLOADS.map((kind) => ({ kind, namespace })));
  const lists = await mapConcurrently(places, CONCURRENCY, async ({ kind, namespace }) => {
    try {
      const { items } = await api.list(kind, { namespace });
      return items.map((item) => ({ ...item, ...kind }));
    } catch (error) {
      if (isForbidden(error)) return [];
      throw error;
    }
  });
  return lists.flat();
}

/** How a pod fares, without what it is told to do. */
function slimPod({ metadata, spec, status }: KubeObject): JsonObject {
  const { name, namespace = '', labels = {} } = metadata;
  const { containers, initContainers, nodeName } = isJsonObject(spec) ? spec : {};
  const { phase, conditions, containerStatuses, initContainerStatuses } = isJsonObject(status) ? status : {};
  return {
    ...{ name, namespace, labels, nodeName, phase, conditions },
    images: [...imagesOf(initContainers), ...imagesOf(containers)],
    ...{ containerStatuses, initContainerStatuses },
  };
}

function imagesOf(containers: Json | undefined): Json[] {
  if (!Array.isArray(containers)) return [];
  return containers.filter(isJsonObject).map(({ name, image }) => ({ name, image }));
}

function contents(files: readonly string[], status: MeshStatus): string {
  const log = (namespace: string, name: string): string =>
    `  kubectl -n ${namespace} logs deployment/${name} --all-containers --tail=2000\n`;
  return [
    `A bug report of Sailwright ${VERSION}, ${status.at}. Secrets were not read, and what looks like one was left out.\n`,
    `Files: ${files.join(', ')}\n`,
    `Logs are not in it; look through them before you add them:\n${log(OPERATOR_NAMESPACE, 'sailwright')}${log('istio-system', CONTROL_PLANE)}`,
    redactText(statusText(status, { columns: COLUMNS, isColoured: false })),
  ].join('\n');
}
