import {
  RESTRAINT_CONDITION_TYPES,
  type ConditionReason,
  type RestraintConditionType,
} from '../../api/install/conditions.ts';
import type { IstioOperatorStatus } from '../../api/install/istio-operator-status.ts';
import type { StatusCondition } from '../../api/status-condition.ts';
import { boundText } from './bound-text.ts';
import { computeConditions, type Summary } from './conditions.ts';

const MAX_MESSAGE = 4096;
const isRestraint = ({ type }: Pick<StatusCondition, 'type'>): boolean =>
  RESTRAINT_CONDITION_TYPES.some((known) => known === type);

/** What speaks of a restraint. */
interface RestraintInput {
  /** What stands above the components. */
  override?: Summary;
  /** When not looked at, what was known stands. */
  restraints?: ObservedRestraints;
  previous: IstioOperatorStatus;
  generation: number;
  now: string;
}

/** Generation that was written as a whole last, as far as a status tells; undefined while there is none. */
export function appliedGenerationOf({ appliedGeneration, conditions = [] }: IstioOperatorStatus): number | undefined {
  if (appliedGeneration !== undefined) return appliedGeneration;
  // A status of an operator that did not count yet.
  const ready = conditions.find(({ type }) => type === 'Ready');
  return ready?.status === 'True' ? ready.observedGeneration : undefined;
}

/**
 * `Ready`, `Reconciling` and `Stalled` while nothing of the spec is written because its owner asked for that. `Ready`
 * goes on to speak of what runs, and names the generation that it speaks of; the operator itself does nothing.
 */
export function computeRestrainedConditions(
  summary: Summary,
  { override, previous, generation, now }: RestraintInput & { override: Summary },
): StatusCondition[] {
  const before = previous.conditions ?? [];
  const applied = appliedGenerationOf(previous);
  const asked = computeConditions(override, before, { generation, now });
  if (applied === undefined) {
    const message = `nothing was installed yet: ${override.message}`;
    return asked.map((condition) => (condition.type === 'Ready' ? { ...condition, message } : condition));
  }
  const isOld = applied !== generation && summary.state === 'installed';
  const told = isOld ? { ...summary, message: `what was applied of generation ${applied} runs` } : summary;
  const running = computeConditions(told, before, { generation: applied, now });
  return asked.map((condition) => running.find(({ type }) => type === 'Ready' && type === condition.type) ?? condition);
}

/** What annotations keep the operator from; the empty text for nothing. */
export interface ObservedRestraints {
  /** Objects to which nothing is written. */
  paused: string;
  /** What others changed and is left so. */
  drifted: string;
  /** What cannot be understood. */
  unclear: string;
}

/** The conditions of objects, each with the reason by which it is told from one that is about the whole resource. */
const OF_OBJECTS = [
  { type: 'Paused', reason: 'ObjectsPaused', of: 'paused' },
  { type: 'Drifted', reason: 'DriftKept', of: 'drifted' },
  { type: 'AnnotationUnclear', reason: 'AnnotationUnclear', of: 'unclear' },
] as const satisfies { type: RestraintConditionType; reason: ConditionReason; of: keyof ObservedRestraints }[];

/** Conditions of their own for what the owner asked for. What was not looked at stands as it was. */
export function computeRestraints(input: RestraintInput): StatusCondition[] {
  const { override, restraints, previous } = input;
  if (override?.state === 'deleting') return [];
  const before = (previous.conditions ?? []).filter(isRestraint);
  // A pass that broke off may not have come so far as to look.
  if (override?.state === 'unknown') return before;
  const whole = override?.state === 'restrained' ? [wholeRestraint(override, input)] : [];
  const ofObjects = OF_OBJECTS.flatMap(({ type, reason, of }) => {
    if (whole.some((condition) => condition.type === type)) return [];
    if (!restraints) return before.filter((condition) => condition.type === type && condition.reason === reason);
    return restraints[of] === '' ? [] : [condition({ type, reason, message: restraints[of] }, input)];
  });
  return [...whole, ...ofObjects];
}

function typeOf(reason: ConditionReason): RestraintConditionType {
  return reason === 'ApprovalRequired' ? 'PlanPending' : 'Paused';
}

function wholeRestraint({ reason, message }: Summary, input: RestraintInput): StatusCondition {
  const { previous, generation } = input;
  const applied = appliedGenerationOf(previous);
  const isWaiting = applied !== undefined && applied !== generation;
  const waits = `; the spec of generation ${generation} waits, what was applied of generation ${applied} runs`;
  return condition({ type: typeOf(reason), reason, message: isWaiting ? `${message}${waits}` : message }, input);
}

function condition(
  { type, reason, message }: { type: RestraintConditionType; reason: ConditionReason; message: string },
  { previous, generation, now }: RestraintInput,
): StatusCondition {
  const known = previous.conditions?.find((before) => before.type === type);
  return {
    type,
    status: 'True',
    reason,
    message: boundText(message, MAX_MESSAGE),
    observedGeneration: generation,
    lastTransitionTime: known?.lastTransitionTime ?? now,
  };
}
