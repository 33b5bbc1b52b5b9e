// Whether two replicas wrote at a time, by what passed the proxies before them.
import type { SeenRequest } from '../../testbed/fault-proxy.ts';
import type { Replica } from './world.ts';

interface Done {
  by: Replica;
  request: SeenRequest;
  at: number;
}

/** Asked by POST, and nothing of them is stored. */
const REVIEW = /\/(subjectaccessreviews|selfsubjectaccessreviews|tokenreviews)$/;
/** The certificate of the webhooks: all replicas see to it, whoever leads, by the version that they read. */
const SHARED = /\/namespaces\/sailwright-system\/secrets(\/|$)/;

/**
 * What replicas changed after another one had taken the lease and before they had it again. By the times of the answers,
 * so that what comes late counts wherever it was held. `writes` is how many were looked at.
 */
export function findDoubleWrites(replicas: readonly Replica[]): { writes: number; double: string[] } {
  const done = replicas.flatMap(listDone).sort((a, b) => a.at - b.at);
  const found = { writes: 0, double: [] as string[] };
  let holder: Replica | undefined;
  for (const { by, request } of done) {
    if (isOfLease(request)) {
      holder = by;
      continue;
    }
    found.writes += 1;
    if (holder !== undefined && holder !== by) {
      found.double.push(`${by.operator.name}: ${request.method} ${request.path}`);
    }
  }
  return found;
}

/** What a replica has changed in the cluster so far, its lease left out. */
export function countWrites({ proxy }: Replica): number {
  return proxy.seen.filter((request) => isChange(request) && !isOfLease(request)).length;
}

/** Prints what was found; rejects when two wrote at a time. */
export function tellDoubleWrites(replicas: readonly Replica[]): void {
  const { writes, double } = findDoubleWrites(replicas);
  console.log(`  writes: ${writes}; of a replica while another had the lease: ${double.length}`);
  if (double.length > 0) throw new Error(`two replicas wrote at a time: ${double.join(', ')}`);
}

function listDone(by: Replica): Done[] {
  return by.proxy.seen
    .filter(isChange)
    .flatMap((request) => (request.answeredAt === undefined ? [] : [{ by, request, at: request.answeredAt }]))
    .filter(({ request: { status = 0 } }) => status >= 200 && status < 300);
}

function isChange({ isWrite, path, query }: SeenRequest): boolean {
  return isWrite && !REVIEW.test(path) && !SHARED.test(path) && !query.has('dryRun');
}

function isOfLease({ path }: SeenRequest): boolean {
  return path.includes('/leases');
}
