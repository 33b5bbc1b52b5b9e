import type { GateVerdict, StepProgress } from '../steps/step-plan.ts';
import type { SetMode } from './modes.ts';
import { STRICT_STEP } from './read-migration.ts';

/** A mode as it is, and as it was before the first step. */
export interface ModeView {
  live: SetMode;
  before: SetMode;
  /** What holds where the policy says nothing. */
  inherited: Exclude<SetMode, 'UNSET'>;
  /** Field manager that wrote it last; undefined where the API server does not say. */
  owner: string | undefined;
}

/** What the policy says at a step. Plain text that is taken already is left as it is said. */
export function levelOf({ before, inherited }: ModeView, step: number): SetMode {
  if (step >= STRICT_STEP) return 'STRICT';
  if (step < 0) return before;
  return before === 'PERMISSIVE' || (before === 'UNSET' && inherited === 'PERMISSIVE') ? before : 'PERMISSIVE';
}

/** Whether the mode is what the migration set, or may just be setting: two writers would undo each other's work. */
export function judgeMode(view: ModeView, { phase, step }: Pick<StepProgress, 'phase' | 'step'>): GateVerdict {
  const levels = [...(phase === 'Soaking' ? [] : [levelOf(view, step - 1)]), levelOf(view, step)];
  const name = 'mode';
  if (levels.includes(view.live)) return { name, result: 'good', text: view.live };
  const wanted = [...new Set(levels)].join(' or ');
  const text = `${view.owner ?? 'somebody'} set it to ${view.live}, and the migration to ${wanted}: set it so, or end the migration`;
  return { name, result: 'unknown', text };
}

/** Whether the mode is as before, or as somebody else wants it: then it is left as it is. */
export function isBack(view: ModeView): boolean {
  if (view.live === view.before) return true;
  return ![levelOf(view, 0), levelOf(view, STRICT_STEP)].includes(view.live);
}
