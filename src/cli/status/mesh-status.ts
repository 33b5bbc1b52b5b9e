import { groupBy } from '../../core/group-by.ts';
import { isJsonObject, type KubeObject } from '../../core/kube-object.ts';
import type { Validity } from '../../core/analyze/world.ts';
import type {
  ControlPlaneRow,
  Findings,
  Installation,
  MeshReport,
  MigrationRow,
  RolloutRow,
  ShiftRow,
  WebhookRow,
} from '../../core/report/mesh-report.ts';

/** What `sailwright status` tells: a report, gathered for one screen. `-o json` prints it. */
export interface MeshStatus {
  /** When it was looked, as ISO 8601. */
  at: string;
  /** The operator's Deployments. */
  operators: OperatorRow[];
  installations: Installation[];
  controlPlanes: ControlPlaneRow[];
  /** Pods with a proxy, by version; stale are those of another version or revision than a new pod would get. */
  proxies: { revision: string; version: string; pods: number; stale: number }[];
  rollouts: RolloutRow[];
  shifts: ShiftRow[];
  migrations: MigrationRow[];
  /** Webhook configurations; of entries that differ the worst counts. */
  webhooks: WebhookSummary[];
  certificates: CertificateRow[];
  missedPods: number;
  findings: Findings;
  unread: MeshReport['unread'];
}

export interface OperatorRow {
  namespace: string;
  name: string;
  /** Tag of its image. */
  version: string;
  replicas: { ready: number; wanted: number };
}

export interface WebhookSummary extends Pick<WebhookRow, 'kind' | 'configuration' | 'state' | 'calls'> {
  entries: number;
}

export interface CertificateRow {
  what: string;
  /** ISO 8601. */
  ends: string;
}

/** Findings that are told in a status: the rest is for `analyze`. */
const MOST_FINDINGS = 10;
const WORST: readonly WebhookRow['state'][] = ['Binding', 'Open', 'Untrusted'];

/** Gathers a report for one screen. */
export function toMeshStatus(
  report: MeshReport,
  objects: readonly KubeObject[],
  readCertificate: (pem: string) => Validity | undefined,
): MeshStatus {
  const { at, installations, controlPlanes, rollouts, shifts, migrations, findings, injection, unread } = report;
  return {
    at,
    operators: describeOperators(objects),
    installations,
    controlPlanes,
    proxies: countProxies(report.proxies),
    rollouts,
    shifts,
    migrations,
    webhooks: summarizeWebhooks(report.webhooks),
    certificates: [...webhookCertificates(report.webhooks), ...meshCertificates(objects, readCertificate)],
    missedPods: injection.missed.reduce((sum, { pods }) => sum + pods, 0),
    findings: { ...findings, told: findings.told.slice(0, MOST_FINDINGS) },
    unread,
  };
}

/** Whether all that was asked for runs: what makes the exit code. */
export function isHealthy({ installations, operators }: MeshStatus): boolean {
  const runs = operators.every(({ replicas: { ready, wanted } }) => ready >= wanted);
  return runs && installations.length > 0 && installations.every((each) => readyOf(each)?.status === 'True');
}

/** The condition that sums up the others. */
export function readyOf({ conditions }: Installation): Installation['conditions'][number] | undefined {
  return conditions.find(({ type }) => type === 'Ready');
}

/** The operators among what was read. */
export function describeOperators(objects: readonly KubeObject[]): OperatorRow[] {
  return objects.filter(isOperator).map(describeOperator);
}

function isOperator({ kind, metadata, spec }: KubeObject): boolean {
  if (kind !== 'Deployment' || metadata.labels?.['app.kubernetes.io/name'] !== 'sailwright') return false;
  return containersOf(spec).some(({ args }) => Array.isArray(args) && args[0] === 'run');
}

interface Container {
  image?: string;
  args?: unknown;
}

function containersOf(spec: unknown): Container[] {
  const { template } = (spec ?? {}) as { template?: { spec?: { containers?: Container[] } } };
  return template?.spec?.containers ?? [];
}

function describeOperator({ metadata, spec, status }: KubeObject): OperatorRow {
  const [{ image = '' } = {}] = containersOf(spec);
  const tag = /:([^:/@]+)(@.*)?$/.exec(image)?.[1] ?? image;
  const { replicas: wanted = 1 } = (spec ?? {}) as { replicas?: number };
  const { readyReplicas: ready = 0 } = (isJsonObject(status) ? status : {}) as { readyReplicas?: number };
  return { namespace: metadata.namespace ?? '', name: metadata.name, version: tag, replicas: { ready, wanted } };
}

function countProxies(rows: MeshReport['proxies']): MeshStatus['proxies'] {
  const byVersion = groupBy(rows, ({ revision, version }) => `${revision} ${version}`);
  return [...byVersion.values()].flatMap((group) => {
    const [first] = group;
    if (!first) return [];
    const count = (some: typeof group): number => some.reduce((sum, { pods }) => sum + pods, 0);
    const { revision, version } = first;
    return [{ revision, version, pods: count(group), stale: count(group.filter(({ stale }) => stale)) }];
  });
}

function summarizeWebhooks(rows: readonly WebhookRow[]): WebhookSummary[] {
  const byConfiguration = groupBy(rows, ({ kind, configuration }) => `${kind}/${configuration}`);
  return [...byConfiguration.values()].flatMap((group) => {
    const [first] = group;
    if (!first) return [];
    const { kind, configuration, calls } = first;
    const state = [...WORST].reverse().find((worst) => group.some((row) => row.state === worst)) ?? first.state;
    return [{ kind, configuration, calls, state, entries: group.length }];
  });
}

/** All entries of one server carry the same CA. */
function webhookCertificates(rows: readonly WebhookRow[]): CertificateRow[] {
  const byServer = groupBy(rows, ({ calls }) => calls);
  return [...byServer].flatMap(([calls, group]) => {
    const [ends] = group.flatMap(({ caEnds }) => caEnds ?? []).sort();
    return ends === undefined ? [] : [{ what: `CA of the webhooks of ${calls}`, ends }];
  });
}

/** What every proxy trusts, as istiod writes it into the namespaces. */
function meshCertificates(
  objects: readonly KubeObject[],
  readCertificate: (pem: string) => Validity | undefined,
): CertificateRow[] {
  const root = objects.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === 'istio-ca-root-cert');
  const data = isJsonObject(root?.['data']) ? root['data'] : {};
  const pem = data['root-cert.pem'];
  const validity = typeof pem === 'string' ? readCertificate(pem) : undefined;
  return validity ? [{ what: 'root CA of the mesh', ends: new Date(validity.notAfter).toISOString() }] : [];
}
