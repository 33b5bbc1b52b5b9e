import type { ConditionReason, ConditionType } from '../../api/install/conditions.ts';
import type { StatusCondition } from '../../api/status-condition.ts';
import { boundText } from './bound-text.ts';

const MAX_MESSAGE = 4096;

/** Where a pass ended. */
export interface Summary {
  /**
   * `installed`: all runs. `progressing`: on the way. `failing`: something does not work and is tried again.
   * `unknown`: a read failed. `stalled`: only a person can help. `restrained`, `deleting`: as asked.
   */
  state: 'installed' | 'progressing' | 'failing' | 'unknown' | 'stalled' | 'restrained' | 'deleting';
  reason: ConditionReason;
  message: string;
}

type Verdict = Pick<StatusCondition, 'status' | 'reason'> & { reason: ConditionReason };

const yes = (reason: ConditionReason): Verdict => ({ status: 'True', reason });
const no = (reason: ConditionReason): Verdict => ({ status: 'False', reason });
const unknown = (reason: ConditionReason): Verdict => ({ status: 'Unknown', reason });

/**
 * Ready is Unknown while all goes as planned but is not done: Argo CD takes False for broken. Reconciling and Stalled
 * are the pair that kstatus reads first.
 */
const VERDICTS: Record<Summary['state'], (reason: ConditionReason) => Record<ConditionType, Verdict>> = {
  installed: (reason) => ({ Ready: yes(reason), Reconciling: no('UpToDate'), Stalled: no('NotStalled') }),
  progressing: (reason) => ({ Ready: unknown(reason), Reconciling: yes(reason), Stalled: no('NotStalled') }),
  failing: (reason) => ({ Ready: no(reason), Reconciling: yes(reason), Stalled: no('NotStalled') }),
  unknown: (reason) => ({ Ready: unknown(reason), Reconciling: yes(reason), Stalled: no('NotStalled') }),
  stalled: (reason) => ({ Ready: no(reason), Reconciling: no(reason), Stalled: yes(reason) }),
  restrained: (reason) => ({ Ready: unknown(reason), Reconciling: no(reason), Stalled: no('NotStalled') }),
  deleting: (reason) => ({ Ready: no(reason), Reconciling: yes(reason), Stalled: no('NotStalled') }),
};

/** The three conditions; a time moves only when a status does. */
export function computeConditions(
  summary: Summary,
  previous: readonly StatusCondition[],
  at: { generation: number; now: string },
): StatusCondition[] {
  const verdicts = VERDICTS[summary.state](summary.reason);
  return (['Ready', 'Reconciling', 'Stalled'] as const).map((type) => {
    const { status, reason } = verdicts[type];
    const before = previous.find((condition) => condition.type === type);
    return {
      type,
      status,
      reason,
      message: reason === summary.reason ? boundText(summary.message, MAX_MESSAGE) : '',
      observedGeneration: at.generation,
      lastTransitionTime: before?.status === status ? before.lastTransitionTime : at.now,
    };
  });
}
