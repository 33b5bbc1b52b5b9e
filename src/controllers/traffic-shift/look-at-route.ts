import { TRAFFIC_SHIFT } from '../../api/shift/traffic-shift.ts';
import { displayName, type KubeObject, type ObjectRef } from '../../core/kube-object.ts';
import type { ShiftConditionReason } from '../../api/shift/reasons.ts';
import type { Obstacle } from '../../core/staged/summarize.ts';
import { findRoute, ROUTE_FIELDS } from '../../core/traffic-shift/find-route.ts';
import type { WeightsView } from '../../core/traffic-shift/judge-weights.ts';
import type { ShiftPlan } from '../../core/traffic-shift/read-shift.ts';
import { pairOf, type WeightPair } from '../../core/traffic-shift/weights.ts';
import { findWeightsOwner } from '../../core/traffic-shift/weights-owner.ts';
import { findRival } from '../staged/find-rival.ts';
import type { ShiftPass } from './shift-pass.ts';

/** The route as it is, or why it cannot be shifted. */
export type SeenRoute = { view: WeightsView; object: KubeObject } | { missing: string };

/** The route of a shift. */
export function routeRefOf({ route: { kind, name } }: Pick<ShiftPlan, 'route'>, namespace: string): ObjectRef {
  return { apiVersion: ROUTE_FIELDS[kind].apiVersion, kind, namespace, name };
}

/** Reads the route. `remembered`: the weights before the first step; undefined as long as there was none. */
export async function lookAtRoute(
  { deps, shift }: ShiftPass,
  plan: ShiftPlan,
  remembered: WeightPair | undefined,
): Promise<SeenRoute> {
  const ref = routeRefOf(plan, shift.metadata.namespace ?? '');
  const object = await deps.api.get(ref);
  if (!object) return { missing: `${displayName(ref)} is not there` };
  const found = findRoute(object, plan);
  if (!found.ok) return { missing: `${displayName(ref)}: ${found.text}` };
  const live = pairOf(found.route);
  const owner = findWeightsOwner(object, plan.route.kind);
  return { object, view: { plan, route: found.route, live, before: remembered ?? live, owner } };
}

/** What keeps a shift that has not begun from its first step. */
export async function findObstacle(
  pass: ShiftPass,
  plan: ShiftPlan,
  seen: SeenRoute,
): Promise<Obstacle<ShiftConditionReason> | undefined> {
  if ('missing' in seen) return { reason: 'RouteNotFound', text: seen.missing };
  const { refusal } = seen.view.owner;
  if (refusal !== undefined) return { reason: 'OwnedByOther', text: refusal };
  const rival = await findRival(pass.deps.api, TRAFFIC_SHIFT, {
    resource: pass.shift,
    isOfSame: (other) => isOfRoute(other, plan.route),
  });
  if (rival === undefined) return undefined;
  return { reason: 'OwnedByOther', text: `TrafficShift ${rival} shifts this route` };
}

function isOfRoute(other: KubeObject, { kind, name, rule }: ShiftPlan['route']): boolean {
  const { route = {} } = (other['spec'] ?? {}) as { route?: Partial<ShiftPlan['route']> };
  const isSameRule = rule === undefined || route.rule === undefined || rule === route.rule;
  return (route.kind ?? 'VirtualService') === kind && route.name === name && isSameRule;
}
