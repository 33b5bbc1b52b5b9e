import { MIGRATION_STEPS, type MutualTlsMigrationStatus } from '../../api/mtls/mutual-tls-migration.ts';
import { READINESS_REASONS, type MigrationConditionReason } from '../../api/mtls/reasons.ts';
import { computeStagedStatus, type Moment, type Summary } from '../staged/staged-status.ts';
import { summarize, type Obstacle } from '../staged/summarize.ts';
import type { GateVerdict, StepAct, StepProgress } from '../steps/step-plan.ts';
import { SHIFTED_MODES, type SetMode } from './modes.ts';
import type { ModeView } from './judge-mode.ts';
import type { ReadinessFinding } from './readiness.ts';

const MAX_NAMES = 10;

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
  obstacle: Obstacle<MigrationConditionReason> | undefined;
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
  const summary = summarizeMigration(look);
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

function summarizeMigration(look: MigrationLook): Summary {
  const { progress, report } = look;
  const cause = progress.cause?.text ?? '';
  const step = MIGRATION_STEPS[progress.step] ?? '';
  return summarize(look, {
    Done: `STRICT holds${exceptionsText(report)}`,
    RolledBack: `the mode is as before: ${cause}`,
    Aborted: `${cause} before it changed anything`,
    Paused: `step ${step}: ${cause}`,
    RollingBack: `the mode is set back: ${cause}`,
    doing: `the mode of step ${step} is set`,
  });
}

function exceptionsText(report: readonly ReadinessFinding[]): string {
  return report.length === 0 ? '' : `; exceptions remain: ${report.map(({ reason }) => reason).join(', ')}`;
}
