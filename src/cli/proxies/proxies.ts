import { KIND, type Kind } from '../../core/analyze/kinds.ts';
import { isInjected } from '../../core/inject/missed-pods.ts';
import type { KubeObject } from '../../core/kube-object.ts';
import { describeUnread, type MeshState } from '../../core/mesh/mesh-state.ts';
import { slimForReport } from '../../core/mesh/slim-for-report.ts';
import { injectionOfMesh } from '../../core/proxies/injection-of-mesh.ts';
import { groupProxies, listProxies, type ListedProxy } from '../../core/proxies/list-proxies.ts';
import { describeReview, type ProxyReview } from '../../core/proxies/review-proxy.ts';
import type { KubeApi } from '../../kube/kube-api.ts';
import { fetchMesh } from '../mesh/fetch-mesh.ts';
import { fetchWorkloads } from '../mesh/fetch-workloads.ts';
import type { Call } from '../shell/command.ts';
import { report, type Io } from '../shell/io.ts';
import { toStructured } from '../shell/structured.ts';
import { toTable } from '../shell/table.ts';
import { withCluster } from '../shell/with-cluster.ts';
import type { PROXIES_OPTIONS } from './options.ts';

/** What injection reads, and the pods. */
const KINDS: readonly Kind[] = [
  KIND.pod,
  KIND.namespace,
  KIND.node,
  KIND.configMap,
  KIND.deployment,
  KIND.mutatingWebhookConfiguration,
  KIND.proxyConfig,
];

type Flags = Call<typeof PROXIES_OPTIONS>['flags'];

/** The proxies of a cluster, and the mesh that they were held to. */
export interface FetchedProxies {
  proxies: ListedProxy[];
  unread: MeshState['unread'];
}

/** `sailwright proxies`: the exit code. @throws ApiError */
export async function runProxies({ flags }: Call<typeof PROXIES_OPTIONS>, io: Io): Promise<number> {
  const { proxies, unread } = await withCluster(flags, (api) => fetchProxies(api, flags.istioNamespace));
  const shown = proxies.filter((proxy) => isWanted(proxy, flags));
  if (flags.output === 'text') io.out(asText(shown, flags, io));
  else io.out(toStructured({ proxies: shown.map(asData), unread }, flags.output));
  report(io, { warnings: unread.map(describeUnread) });
  return 0;
}

/** Reads the mesh and holds each proxy to what injection would make now. @throws ApiError */
export async function fetchProxies(api: Pick<KubeApi, 'list'>, istioNamespace: string): Promise<FetchedProxies> {
  const mesh = await fetchMesh(api, { istioNamespace, kinds: KINDS, reduce: keepForReview });
  const workloads = await fetchWorkloads(api, mesh.pods);
  const objects = [...mesh.objects, ...workloads.byUid.values()];
  const proxies = listProxies(mesh.pods, workloads.byUid, injectionOfMesh({ ...mesh, objects }));
  return { proxies, unread: [...mesh.unread, ...workloads.unread] };
}

/** Injection decides by all of a pod; pods without a proxy are no question. */
function keepForReview(object: KubeObject): KubeObject | undefined {
  if (object.kind !== 'Pod') return slimForReport(object);
  if (!isInjected(object)) return undefined;
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...object, metadata };
}

const UNCHANGED_BY_RESTART: ReadonlySet<ProxyReview['state']> = new Set(['current', 'installed']);

function isWanted({ namespace, revision, review }: ListedProxy, flags: Flags): boolean {
  if (flags.namespace !== undefined && namespace !== flags.namespace) return false;
  if (flags.revision !== undefined && revision !== flags.revision) return false;
  return !flags.stale || !UNCHANGED_BY_RESTART.has(review.state);
}

function asText(proxies: readonly ListedProxy[], flags: Flags, io: Io): string {
  if (proxies.length === 0) return flags.stale ? 'no proxy that a restart would change\n' : 'no proxies\n';
  const columns = io.isTerminal ? io.columns : Infinity;
  return `${toTable(flags.pods ? podRows(proxies) : workloadRows(proxies), columns)}\n${summaryOf(proxies)}\n`;
}

function podRows(proxies: readonly ListedProxy[]): string[][] {
  const rows = proxies.map(({ namespace, pod, version, revision, review }) => [
    ...[namespace, pod, version, revision, review.state],
    describeReview(review),
  ]);
  return [['NAMESPACE', 'POD', 'VERSION', 'REVISION', 'STATE', 'WHY'], ...rows];
}

function workloadRows(proxies: readonly ListedProxy[]): string[][] {
  const rows = groupProxies(proxies).map(({ namespace, workload, pods, version, revision, state, detail }) => [
    ...[namespace, `${workload.kind}/${workload.name}`, String(pods), version, revision, state],
    detail,
  ]);
  return [['NAMESPACE', 'WORKLOAD', 'PODS', 'VERSION', 'REVISION', 'STATE', 'WHY'], ...rows];
}

/** `12 proxies: 10 current, 2 changed` */
function summaryOf(proxies: readonly ListedProxy[]): string {
  const counts = new Map<ProxyReview['state'], number>();
  for (const { review } of proxies) counts.set(review.state, (counts.get(review.state) ?? 0) + 1);
  const parts = [...counts].map(([state, count]) => `${count} ${state}`);
  return `${proxies.length} ${proxies.length === 1 ? 'proxy' : 'proxies'}: ${parts.join(', ')}`;
}

function asData({ review, ...proxy }: ListedProxy): object {
  return { ...proxy, ...review };
}
