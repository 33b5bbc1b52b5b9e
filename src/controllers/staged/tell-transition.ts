import type { StagedStatus } from '../../api/staged/staged-status.ts';
import type { KubeObject } from '../../core/kube-object.ts';
import type { EventRecorder } from '../../kube/events.ts';

/** What each phase is told by, when it begins. */
export type PhaseNotes<R extends string = string> = Readonly<
  Partial<Record<string, { type: 'Normal' | 'Warning'; reason: R }>>
>;

/** Tells of a phase that began with this look. */
export function tellTransition(
  events: Pick<EventRecorder, 'record'>,
  resource: KubeObject,
  { notes, before, after, action }: { notes: PhaseNotes; before: StagedStatus; after: StagedStatus; action: string },
): void {
  const note = notes[toldPhase(after)];
  if (!note || (toldPhase(before) === toldPhase(after) && before.step === after.step)) return;
  events.record(resource, { ...note, message: after.message ?? '', action });
}

/** The phase of a spec that cannot be read any more is still where it stood. */
function toldPhase({ phase = '', conditions = [] }: StagedStatus): string {
  return conditions[0]?.reason === 'InvalidSpec' ? 'Invalid' : phase;
}
