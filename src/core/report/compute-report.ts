import { KIND, type Kind } from '../analyze/kinds.ts';
import { analyzeForReaders } from '../analyze/analyze-for-readers.ts';
import { ANALYZERS } from '../analyze/analyzers/index.ts';
import type { Message } from '../analyze/messages.ts';
import { UNREAD } from '../analyze/report/analyze-cluster.ts';
import { MutableWorld, type Surroundings } from '../analyze/world.ts';
import type { MeshState } from '../mesh/mesh-state.ts';
import { describeControlPlanes } from './control-planes.ts';
import { describeFindings } from './findings.ts';
import { describeInjection } from './injection-state.ts';
import { findKiali } from './kiali.ts';
import { describeInstallations } from './installations.ts';
import { REPORT_VERSION, type MeshReport, type ReportSource } from './mesh-report.ts';
import { describeMutualTls } from './mutual-tls.ts';
import { describeProxies } from './stale-proxies.ts';
import { describeRoutes } from './describe-routes.ts';
import { describeAll, describeMigration, describeRollout, describeShift } from './changes.ts';
import { describeWebhooks } from './webhook-rows.ts';

/** A mesh as it was read. */
export interface ReportInput {
  source: ReportSource;
  surroundings: Surroundings;
  mesh: MeshState;
  /** What analysis found, the worst first; looked for among what was read, where left out. */
  messages?: readonly Message[];
}

/** What there is to say of a mesh. */
export function computeReport({ source, surroundings, mesh, messages }: ReportInput): MeshReport {
  const { objects, installations, pods, namespaces, webhooks, resources, unread } = mesh;
  const world = new MutableWorld(resources, surroundings);
  const controlPlanes = describeControlPlanes(objects);
  const kiali = findKiali(objects);
  return {
    reportVersion: REPORT_VERSION,
    at: new Date(surroundings.now).toISOString(),
    source,
    unread: [...unread],
    installations: describeInstallations(installations),
    controlPlanes,
    proxies: describeProxies(pods, { controlPlanes, namespaces, webhooks }),
    rollouts: describeAll(mesh.rollouts, describeRollout),
    shifts: describeAll(mesh.shifts, describeShift),
    migrations: describeAll(mesh.migrations, describeMigration),
    mutualTls: describeMutualTls(world),
    findings: describeFindings(messages ?? analyze(mesh, surroundings)),
    injection: describeInjection({ pods, namespaces, webhooks, objects }),
    webhooks: describeWebhooks(objects, surroundings.readCertificate),
    routes: describeRoutes(world, pods),
    ...(kiali ? { kiali } : {}),
  };
}

/** What is not read is not judged: without Secrets every gateway's certificate would be missing. */
function analyze({ objects, resources, readers }: MeshState, surroundings: Surroundings): Message[] {
  const hasNodes = objects.some(({ kind }) => kind === 'Node');
  const isUnread = (kind: Kind): boolean => UNREAD.has(kind) || (kind === KIND.node && !hasNodes);
  const analyzers = ANALYZERS.filter(({ inputs }) => !inputs.some(isUnread));
  return analyzeForReaders(resources, { surroundings, readers, analyzers });
}
