import type { WindowSpec } from '../../api/staged/staged-spec.ts';
import type { Problem } from '../problem.ts';
import type { StepPlan } from '../steps/step-plan.ts';
import type { Window } from '../steps/windows.ts';
import { findNegative, findWindowFaults, millisOf, windowsOf } from './read-times.ts';

/** The part of a plan that every change by steps has. */
export interface StagedPlan {
  steps: StepPlan;
  windows: readonly Window[];
  isSuspended: boolean;
}

interface SharedSpec {
  windows?: readonly WindowSpec[] | undefined;
  deadline?: string | undefined;
  suspend?: boolean | undefined;
}

/** How long a gate that cannot be judged is waited for. */
const PATIENCE_MS = 10 * 60_000;

/** Makes a plan of what the kind has of its own, and of what all specs have. */
export function stagedPlanOf(
  { windows, deadline, suspend }: SharedSpec,
  own: Pick<StepPlan, 'steps' | 'onFailure' | 'hasWayBack'>,
): StagedPlan {
  return {
    steps: {
      ...own,
      patienceMs: PATIENCE_MS,
      ...(deadline === undefined ? {} : { deadlineMs: millisOf(deadline, 0) }),
    },
    windows: windowsOf(windows),
    isSuspended: suspend === true,
  };
}

/** Faults of what all specs have. */
export function findSharedFaults({ windows, deadline }: SharedSpec): Problem[] {
  return [...findNegative(deadline, 'spec.deadline'), ...findWindowFaults(windows)];
}
