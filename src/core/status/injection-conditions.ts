import type { InjectionConditionType } from '../../api/install/conditions.ts';
import type { StatusCondition } from '../../api/status-condition.ts';
import { describeInjectorConflict, type InjectorConflict } from '../inject/injector-conflicts.ts';
import { describeMissedPods, type MissedPod } from '../inject/missed-pods.ts';
import { describeUnservedLabels, type UnservedLabel } from '../inject/unserved-labels.ts';
import { boundText } from './bound-text.ts';
import { describeStaleKinds, type StaleKind } from './stale-kinds.ts';

/** What is wrong with injection; what was not looked at is left out. */
export interface ObservedInjection {
  conflicts?: readonly InjectorConflict[];
  missed?: readonly MissedPod[];
  /** Of the whole cluster. */
  unserved?: readonly UnservedLabel[];
  /** Who uses what the spec asks for no more, in a sentence; empty when nobody does. */
  inUse?: string;
  /** Kinds that cannot be read now. */
  stale?: readonly StaleKind[];
}

const MAX_MESSAGE = 4096;

/** Conditions that are there only while something is wrong. What was not looked at stands as it was. */
export function computeInjectionConditions(
  { conflicts, missed, unserved, inUse, stale }: ObservedInjection,
  previous: readonly StatusCondition[],
  at: { generation: number; now: string },
): StatusCondition[] {
  const condition = (type: InjectionConditionType, reason: string, message: string): StatusCondition[] => {
    const before = previous.find((known) => known.type === type);
    if (message === '') return [];
    const lastTransitionTime = before?.lastTransitionTime ?? at.now;
    const { generation: observedGeneration } = at;
    return [
      {
        type,
        status: 'True',
        reason,
        message: boundText(message, MAX_MESSAGE),
        observedGeneration,
        lastTransitionTime,
      },
    ];
  };
  const kept = (type: InjectionConditionType): StatusCondition[] => previous.filter((known) => known.type === type);
  return [
    ...(conflicts
      ? condition('InjectionConflict', 'CompetingInjector', conflicts.map(describeInjectorConflict).join('; '))
      : kept('InjectionConflict')),
    ...(missed
      ? condition('SidecarsMissing', 'PodsWithoutSidecar', missed.length > 0 ? describeMissedPods(missed) : '')
      : kept('SidecarsMissing')),
    ...(unserved
      ? condition('InjectorMissing', 'LabelsWithoutInjector', describeUnservedLabels(unserved))
      : kept('InjectorMissing')),
    ...(inUse === undefined ? kept('RevisionInUse') : condition('RevisionInUse', 'RevisionInUse', inUse)),
    ...(stale ? condition('DataStale', 'KindsNotRead', describeStaleKinds(stale)) : kept('DataStale')),
  ];
}
