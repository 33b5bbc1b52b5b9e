import type { KubeObject } from '../../kube-object.ts';
import type { ResourceReader } from '../../istio/readers.ts';
import { analyzeForReaders } from '../analyze-for-readers.ts';
import { ANALYZERS } from '../analyzers/index.ts';
import { KIND, type Kind } from '../kinds.ts';
import { meshOfConfigMaps } from '../mesh-of-config-maps.ts';
import { levelOf, type Level, type Message, type MessageCode } from '../messages.ts';
import { friendlyName } from '../resource.ts';
import { resourceOf } from '../world-from-objects.ts';
import { computeReports } from './compute-reports.ts';

/** Never read in the background: what is secret, and what is large and hardly changes. Its analyzers are left out. */
export const UNREAD: ReadonlySet<Kind> = new Set<Kind>([KIND.secret, KIND.customResourceDefinition]);
const READ = ANALYZERS.filter(({ inputs }) => !inputs.some((kind) => UNREAD.has(kind)));
/** What is written out of one analysis; all of it is counted. */
const MAX_TOLD = 1_000;

/** Where and when a cluster is analyzed. */
export interface ClusterView {
  /** Milliseconds since the epoch. */
  now: number;
  istioNamespace: string;
  /** What concerns no namespace is reported here. */
  operatorNamespace: string;
  /** The control planes of the cluster; by the usual release where there are none. */
  readers: readonly ResourceReader[];
}

/** How often analysis finds one code. */
export interface FindingCount {
  code: MessageCode;
  level: Level;
  count: number;
}

/** A finding in words. */
export interface ToldFinding {
  code: MessageCode;
  resource: string;
  path: string;
  text: string;
}

/** What analysis says of a cluster. */
export interface ClusterAnalysis {
  counts: FindingCount[];
  /** The worst ones, information left out; at most 1,000. */
  told: ToldFinding[];
  reports: KubeObject[];
}

/** Looks for mistakes across all objects of a cluster. */
export function analyzeCluster(objects: readonly KubeObject[], view: ClusterView): ClusterAnalysis {
  const resources = objects.flatMap((value) => resourceOf({ value, origin: {} }, '') ?? []);
  resources.push(...meshOfConfigMaps(resources, view.istioNamespace));
  const surroundings = { now: view.now, readCertificate: () => undefined };
  const found = analyzeForReaders(resources, { surroundings, readers: view.readers, analyzers: READ });
  const told = found.filter((message) => levelOf(message) !== 'Info').slice(0, MAX_TOLD);
  return {
    counts: countByCode(found),
    told: told.map(({ code, resource, path, text }) => ({ code, resource: friendlyName(resource), path, text })),
    reports: computeReports(found, view.operatorNamespace),
  };
}

function countByCode(found: readonly Message[]): FindingCount[] {
  const counts = new Map<MessageCode, number>();
  for (const { code } of found) counts.set(code, (counts.get(code) ?? 0) + 1);
  return [...counts].map(([code, count]) => ({ code, level: levelOf({ code }), count }));
}
