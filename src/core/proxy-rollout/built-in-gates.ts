import { displayName } from '../kube-object.ts';
import { listSome } from '../list-some.ts';
import { plural } from '../plural.ts';
import type { GateVerdict } from '../steps/step-plan.ts';
import type { PodFacts } from './pod-facts.ts';
import type { GateLimits } from './read-rollout.ts';
import type { WorkloadState } from './workload-state.ts';

/** Finds what is wrong with a renewed pod; undefined where nothing is. */
type Rule = (pod: PodFacts, limits: GateLimits, now: number) => string | undefined;

const MINUTE_MS = 60_000;

const POD_RULES: Readonly<Record<string, Rule>> = {
  containers: ({ failure }) => failure,
  restarts: ({ proxyRestarts }, { maxProxyRestarts }) =>
    proxyRestarts > maxProxyRestarts ? `its proxy restarted ${proxyRestarts} times` : undefined,
  injection: ({ review }) => (review === undefined ? 'it has no proxy' : undefined),
  scheduling: ({ isPending, createdAt }, { pendingMs }, now) =>
    isPending && now - createdAt > pendingMs ? `no node took it for ${minutes(now - createdAt)}` : undefined,
  readiness: ({ isReady, isPending, createdAt }, { readyMs }, now) =>
    !isReady && !isPending && now - createdAt > readyMs ? `not ready after ${minutes(now - createdAt)}` : undefined,
};

/** Gates over all that a rollout renewed so far; they need no Prometheus. */
export function judgeRenewed(states: readonly WorkloadState[], limits: GateLimits, now: number): GateVerdict[] {
  const renewed = states.flatMap((state) => state.renewed.map((pod) => ({ state, pod })));
  const ofPods = Object.entries(POD_RULES).map(([name, rule]) => {
    const found = renewed.flatMap(({ state: { namespace }, pod }) => {
      const what = rule(pod, limits, now);
      return what === undefined ? [] : [`pod ${namespace}/${pod.name}: ${what}`];
    });
    return verdict(name, found, plural(renewed.length, 'pod'));
  });
  const begun = states.filter(({ stamp }) => stamp);
  const failures = begun.flatMap((state) => findFailure(state, limits, now) ?? []);
  return [...ofPods, verdict('workloads', failures, plural(begun.length, 'workload'))];
}

function findFailure({ failure, hitch }: WorkloadState, { pendingMs }: GateLimits, now: number): string | undefined {
  if (!hitch || now - hitch.since <= pendingMs) return failure;
  return `${hitch.message}, for ${minutes(now - hitch.since)}`;
}

function verdict(name: string, found: readonly string[], looked: string): GateVerdict {
  if (found.length === 0) return { name, result: 'good', text: looked };
  return { name, result: 'bad', text: listSome(found, 2) };
}

function minutes(ms: number): string {
  return `${Math.floor(ms / MINUTE_MS)} minutes`;
}

/** What of a wave is waited for, for a person. */
export function describeWaiting(states: readonly WorkloadState[]): string {
  return listSome(
    states.flatMap(({ ref, block, stale, isSettled }) => {
      if (block?.isTemporary) return [`${displayName(ref)}: ${block.message}`];
      return stale.length > 0 || !isSettled ? [displayName(ref)] : [];
    }),
    3,
  );
}
