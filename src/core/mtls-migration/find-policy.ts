import type { KubeObject } from '../kube-object.ts';
import { isJsonObject } from '../kube-object.ts';
import type { Labels } from '../label-selector.ts';
import { SHIFTED_MODES, type SetMode } from './modes.ts';
import type { MigrationScope } from './read-migration.ts';

/** The PeerAuthentication that decides for a scope, or the name that a new one gets. */
export type FoundPolicy =
  { name: string; live: KubeObject; mode: SetMode } | { name: string; live: undefined; mode: 'UNSET' };

const GENERAL_NAME = 'default';

/**
 * Finds the policy of a scope among those of its namespace: of several for the same, Istio takes the oldest. A name that
 * another policy has is told as a problem.
 */
export function findPolicy(
  policies: readonly KubeObject[],
  scope: MigrationScope,
  ownName: string,
): { ok: true; policy: FoundPolicy } | { ok: false; text: string } {
  const labels = scope.kind === 'workload' ? scope.labels : {};
  const [live] = policies.filter((policy) => hasSameLabels(selectorOf(policy), labels)).sort(compareAge);
  if (live) return { ok: true, policy: { name: live.metadata.name, live, mode: modeOf(live) } };
  const name = scope.kind === 'workload' ? ownName : GENERAL_NAME;
  if (policies.some(({ metadata }) => metadata.name === name)) {
    return { ok: false, text: `PeerAuthentication ${name} is there, and is for something else: rename it` };
  }
  return { ok: true, policy: { name, live: undefined, mode: 'UNSET' } };
}

function selectorOf({ spec }: KubeObject): Labels {
  const selector = isJsonObject(spec) ? spec['selector'] : undefined;
  const labels = isJsonObject(selector) ? selector['matchLabels'] : undefined;
  return isJsonObject(labels) ? (labels as Labels) : {};
}

function modeOf({ spec }: KubeObject): SetMode {
  const mtls = isJsonObject(spec) ? spec['mtls'] : undefined;
  const mode = isJsonObject(mtls) ? mtls['mode'] : undefined;
  return SHIFTED_MODES.find((each) => each === mode) ?? 'UNSET';
}

function hasSameLabels(a: Labels, b: Labels): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}

function compareAge(a: KubeObject, b: KubeObject): number {
  const [x, y] = [a, b].map(
    ({ metadata }) => `${JSON.stringify(metadata['creationTimestamp'] ?? '')} ${metadata.name}`,
  );
  return x === y ? 0 : (x ?? '') < (y ?? '') ? -1 : 1;
}
