import type { RolloutEventReason } from '../../api/rollout/reasons.ts';
import type { RolloutPass } from './rollout-pass.ts';

/** What a phase is told by, when it begins. */
const NOTES: Readonly<Record<string, { type: 'Normal' | 'Warning'; reason: RolloutEventReason }>> = {
  Acting: { type: 'Normal', reason: 'WaveStarted' },
  Soaking: { type: 'Normal', reason: 'WaveDone' },
  Paused: { type: 'Warning', reason: 'RolloutPaused' },
  RollingBack: { type: 'Warning', reason: 'RollingBack' },
  Done: { type: 'Normal', reason: 'RolloutEnded' },
  RolledBack: { type: 'Warning', reason: 'RolloutEnded' },
  Aborted: { type: 'Warning', reason: 'RolloutEnded' },
  Invalid: { type: 'Warning', reason: 'RolloutInvalid' },
};

/** Tells of a phase that began with this look. */
export function tellTransition(
  { deps, rollout, status }: Pick<RolloutPass, 'deps' | 'rollout' | 'status'>,
  { phase, message }: { phase: string; message: string },
): void {
  const note = NOTES[phase];
  if (!note || status.phase === phase) return;
  deps.events.record(rollout, { ...note, message, action: 'Rollout' });
}
