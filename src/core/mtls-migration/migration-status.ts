import type { MutualTlsMigrationStatus } from '../../api/mtls/mutual-tls-migration.ts';
import { READINESS_REASONS, type MigrationConditionReason } from '../../api/mtls/reasons.ts';
import { computeStagedStatus, type Moment, type Summary } from '../staged/staged-status.ts';
import type { GateVerdict, StepAct, StepProgress } from '../steps/step-plan.ts';
import { SHIFTED_MODES, type SetMode } from './modes.ts';
import type { ModeView } from './judge-mode.ts';
import { MIGRATION_STEPS } from './read-migration.ts';
import type { ReadinessFinding } from './readiness.ts';

const MAX_NAMES = 10;

/** What keeps a step from beginning, in a word and a sentence. */
export interface MigrationObstacle {
  reason: MigrationConditionReason;
  text: string;
}

/** What a look at a migration came to. */
export interface MigrationLook {
  progress: StepProgress;
  act: StepAct;
  gates: readonly GateVerdict[];
  /** Undefined where no policy can be told. */
  view: ModeView | undefined;
  policy: { name: string; existed: boolean } | undefined;
  strictSince: number | undefined;
  report: readonly ReadinessFinding[];
  obstacle: MigrationObstacle | undefined;
}

/** What is remembered of the policy before the first step. */
export function beforeOf({
  before,
  policy,
}: MutualTlsMigrationStatus): { mode: SetMode; existed: boolean; policy: string } | undefined {
  if (!before || policy === undefined) return undefined;
  const mode = SHIFTED_MODES.find((each) => each === before.mode) ?? 'UNSET';
  return { mode, existed: before.existed, policy };
}

/** The whole status after a look. A look that finds the same gives the same. */
export function computeMigrationStatus(
  look: MigrationLook,
  previous: MutualTlsMigrationStatus,
  moment: Moment,
): MutualTlsMigrationStatus {
  const { view, policy, strictSince, report } = look;
  const summary = summarize(look);
  const staged = computeStagedStatus({ ...look, steps: MIGRATION_STEPS.length, summary }, previous, moment);
  const remembered = policy && view ? { mode: view.before, existed: policy.existed } : previous.before;
  return {
    ...staged,
    ...(view ? { mode: view.live } : {}),
    ...(policy ? { policy: policy.name } : previous.policy === undefined ? {} : { policy: previous.policy }),
    ...(remembered ? { before: remembered } : {}),
    ...(strictSince === undefined ? {} : { strictSince: new Date(strictSince).toISOString() }),
    ...(view?.owner === undefined ? {} : { owner: view.owner }),
    report: report.map(({ reason, blocks, names }) => ({
      reason,
      blocks,
      count: names.length,
      names: names.slice(0, MAX_NAMES),
      message: READINESS_REASONS[reason],
    })),
  };
}

type Told = Summary & { reason: MigrationConditionReason };

function summarize({ progress, act, obstacle, report }: MigrationLook): Told {
  const cause = progress.cause?.text ?? '';
  const step = MIGRATION_STEPS[progress.step] ?? '';
  switch (progress.phase) {
    case 'Done':
      return { state: 'done', reason: 'Done', message: `STRICT holds${exceptionsText(report)}` };
    case 'RolledBack':
      return { state: 'stalled', reason: 'RolledBack', message: `the mode is as before: ${cause}` };
    case 'Aborted':
      return { state: 'stalled', reason: 'Aborted', message: `${cause} before it changed anything` };
    case 'Paused':
      return { state: 'stalled', reason: 'Paused', message: `step ${step}: ${cause}` };
    case 'RollingBack':
      return { state: 'going', reason: 'RollingBack', message: `the mode is set back: ${cause}` };
    default:
      return summarizeMoving(act, step, obstacle);
  }
}

function exceptionsText(report: readonly ReadinessFinding[]): string {
  return report.length === 0 ? '' : `; exceptions remain: ${report.map(({ reason }) => reason).join(', ')}`;
}

function summarizeMoving(act: StepAct, step: string, obstacle: MigrationObstacle | undefined): Told {
  if (act.kind !== 'wait') return { state: 'going', reason: 'InProgress', message: `the mode of step ${step} is set` };
  switch (act.reason) {
    case 'Suspended':
    case 'ApprovalRequired':
      return { state: 'going', reason: act.reason, message: act.text };
    case 'NotReady': {
      if (!obstacle) return { state: 'going', reason: 'InProgress', message: act.text };
      const isLasting = obstacle.reason === 'OwnedByOther';
      return { state: isLasting ? 'stalled' : 'going', reason: obstacle.reason, message: obstacle.text };
    }
    default:
      return { state: 'going', reason: 'InProgress', message: act.text };
  }
}
