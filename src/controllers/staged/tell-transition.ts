import type { StagedStatus } from '../../api/staged/staged-status.ts';
import type { KubeObject } from '../../core/kube-object.ts';
import type { EventRecorder } from '../../kube/events.ts';

/** What each phase is told by, when it begins. */
export type PhaseNotes = Readonly<Record<string, { type: 'Normal' | 'Warning'; reason: string }>>;

/** Tells of a phase that began with this look. */
export function tellTransition(
  events: Pick<EventRecorder, 'record'>,
  resource: KubeObject,
  { notes, before, after, action }: { notes: PhaseNotes; before: StagedStatus; after: StagedStatus; action: string },
): void {
  const note = notes[after.phase ?? ''];
  if (!note || (before.phase === after.phase && before.step === after.step)) return;
  events.record(resource, { ...note, message: after.message ?? '', action });
}
