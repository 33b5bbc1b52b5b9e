import type { MutualTlsMigrationStatus } from '../../api/mtls/mutual-tls-migration.ts';
import type { ProxyRolloutStatus } from '../../api/rollout/proxy-rollout.ts';
import type { TrafficShiftStatus } from '../../api/shift/traffic-shift.ts';
import type { StagedStatus } from '../../api/staged/staged-status.ts';
import type { Level } from '../analyze/messages.ts';
import type { UnservedReason } from '../inject/unserved-labels.ts';
import type { MutualTls } from './mutual-tls.ts';
import type { StaleReason } from './reasons.ts';
import type { RouteMap } from './route-map.ts';

/** Raised when a field goes or changes its meaning; new fields leave it as it is. */
export const REPORT_VERSION = 1;

/**
 * What there is to say of a mesh at one time: what `sailwright report -o report.json` writes and the page shows.
 * docs/reference/report.md describes it. It holds no Secret, no key, and no spec of any object.
 */
export interface MeshReport {
  reportVersion: typeof REPORT_VERSION;
  /** When it was looked, as ISO 8601. */
  at: string;
  source: ReportSource;
  /** Kinds that the reader's rights do not show: what hangs on them is missing below. */
  unread: { kind: string; why: string }[];
  installations: Installation[];
  controlPlanes: ControlPlaneRow[];
  proxies: ProxyRow[];
  rollouts: RolloutRow[];
  shifts: ShiftRow[];
  migrations: MigrationRow[];
  mutualTls: MutualTls;
  findings: Findings;
  injection: InjectionState;
  webhooks: WebhookRow[];
  routes: RouteMap;
  /** Where it is installed. */
  kiali?: KialiService;
}

/** The Service by which Kiali is reached. */
export interface KialiService {
  namespace: string;
  name: string;
  port: number;
}

/** Where the mesh was read. */
export interface ReportSource {
  kind: 'cluster' | 'files';
  /** Context of the kubeconfig, or the files. */
  name: string;
  /** Version of Sailwright that looked. */
  sailwright: string;
}

/** An IstioOperator by its status. */
export interface Installation {
  namespace: string;
  name: string;
  /** State of the whole in upstream's words; empty where no operator has looked yet. */
  state: string;
  /** Empty for the revision without a name, and where nothing is installed. */
  revision: string;
  /** Tag of the images; empty where nothing is installed. */
  version: string;
  /** When Istio ends its support of the minor, in words; left out for one that is not known. */
  supportEnds?: string;
  conditions: ConditionRow[];
  components: { name: string; state: string; version?: string; error?: string }[];
  /** The last plan of a resource that waits for approval. */
  plan?: { state: string; hash: string; summary: string };
}

export interface ConditionRow {
  type: string;
  status: string;
  reason: string;
  message: string;
  /** ISO 8601. */
  since: string;
}

/** A control plane that is there, whoever installed it. */
export interface ControlPlaneRow {
  namespace: string;
  /** Empty for the revision without a name. */
  revision: string;
  /** Release of its injector; empty where its objects do not say. */
  release: string;
  supportEnds?: string;
  /** Of its Deployment; left out where there is none. */
  replicas?: { ready: number; wanted: number };
}

/** The pods of one workload whose proxies are alike. */
export interface ProxyRow {
  namespace: string;
  /** `Deployment`, `Pod` and so on. */
  kind: string;
  workload: string;
  /** `default` for the one without a name. */
  revision: string;
  /** Tag of the proxy's image. */
  version: string;
  pods: number;
  /** Why they should be restarted; left out where a new pod would have the same version and revision. Fields are not compared. */
  stale?: { reason: StaleReason; message: string };
}

/** A change by steps, by its status: what all kinds have. */
export interface StagedRow {
  namespace: string;
  name: string;
  /** Empty where no operator has looked yet. */
  phase: string;
  /** Of its conditions, in a word; empty where no operator has looked yet. */
  reason: string;
  message: string;
  /** The present one; empty where no operator has looked yet. */
  stepName: string;
  /** Its number, from 0; as many as there are steps when all are done. */
  step: number;
  steps: number;
  /** `spec.suspend`. */
  isSuspended: boolean;
  /** When the phase began, the first step began, and the next act may follow, as ISO 8601. */
  since?: string;
  startedAt?: string;
  nextAt?: string;
  cause?: NonNullable<StagedStatus['cause']>;
  gates: NonNullable<StagedStatus['gates']>;
}

/** A ProxyRollout; its steps are waves. */
export interface RolloutRow extends StagedRow {
  counts?: NonNullable<ProxyRolloutStatus['counts']>;
  target?: NonNullable<ProxyRolloutStatus['target']>;
  underWay: NonNullable<ProxyRolloutStatus['underWay']>;
  /** At most ten. */
  blocked: NonNullable<ProxyRolloutStatus['blocked']>;
}

/** A TrafficShift; its steps are weights. */
export interface ShiftRow extends StagedRow {
  /** Kind and name. */
  route: string;
  /** Percent that the new destination gets now, and by the present step. */
  weight?: number;
  target?: number;
  before?: NonNullable<TrafficShiftStatus['before']>;
  owner?: NonNullable<TrafficShiftStatus['owner']>;
}

/** A MutualTLSMigration. */
export interface MigrationRow extends StagedRow {
  /** What the PeerAuthentication `policy` says now; empty where no operator has looked yet. */
  mode: string;
  policy: string;
  strictSince?: string;
  /** Field manager that wrote the mode last. */
  owner?: string;
  report: NonNullable<MutualTlsMigrationStatus['report']>;
}

export interface Findings {
  errors: number;
  warnings: number;
  infos: number;
  /** The worst ones; at most 1,000. */
  told: FindingRow[];
}

export interface FindingRow {
  code: string;
  name: string;
  level: Level;
  kind: string;
  /** Empty for what is in none. */
  namespace: string;
  resource: string;
  path: string;
  message: string;
}

export interface InjectionState {
  /** Workloads that should have a sidecar and have none. */
  missed: { namespace: string; kind: string; workload: string; pods: number; webhook: string }[];
  /** Labels that ask for an injector which is not there. */
  unserved: { kind: string; namespace: string; name: string; label: string; reason: UnservedReason }[];
  /** Configurations of injection that cannot be read: nothing is said of their pods. */
  unread: { webhook: string; problem: string }[];
}

/** One entry of a webhook configuration that injects or judges Istio's configuration. */
export interface WebhookRow {
  kind: 'MutatingWebhookConfiguration' | 'ValidatingWebhookConfiguration';
  configuration: string;
  entry: string;
  /** `Service namespace/name`, or the origin of a URL. */
  calls: string;
  failurePolicy: string;
  /**
   * `Binding`: nothing passes without it. `Open`: what it would judge passes while it does not answer. `Untrusted`: it
   * has no CA that the API server could check it by.
   */
  state: 'Binding' | 'Open' | 'Untrusted';
  /** When the last of its CAs ends, as ISO 8601; left out where that cannot be read. */
  caEnds?: string;
}
