import { USUAL_NAMESPACE } from '../api/istio-names.ts';
import type { KubeObject } from '../core/kube-object.ts';
import { toMeshState, type UnreadKind } from '../core/mesh/mesh-state.ts';
import { computeReport } from '../core/report/compute-report.ts';
import type { ReportSource } from '../core/report/mesh-report.ts';
import { readCertificate } from '../runtime/read-certificate.ts';
import { snapshotOf, type Snapshot } from './live-report.ts';

/** What a report is computed of in another thread. */
export interface ReportQuestion {
  /** JSON in UTF-8, an object a line. */
  objects: Uint8Array;
  unread: readonly UnreadKind[];
  source: ReportSource;
  /** Milliseconds since the epoch. */
  now: number;
}

/** The report of what was watched. */
export function reportOf({ objects: bytes, unread, source, now }: ReportQuestion): Snapshot {
  const lines = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8').split('\n');
  const objects = lines.filter((line) => line !== '').map((line) => JSON.parse(line) as KubeObject);
  const mesh = toMeshState({ objects, unread }, USUAL_NAMESPACE);
  return snapshotOf(computeReport({ source, mesh, surroundings: { now, readCertificate } }));
}
