/** Reasons of the conditions of a TrafficShift. Users match on these: a rename is a breaking change. */
export const SHIFT_CONDITION_REASONS = {
  Done: 'The new destination has the weight of the last step.',
  RolledBack: 'The weights are as before the first step.',
  Aborted: 'A person ended it before its first step.',
  InProgress: 'A step is under way, watched, or waited for.',
  Suspended: 'spec.suspend is true.',
  ApprovalRequired: 'The step waits for a person.',
  OwnedByOther: 'Flagger, Argo Rollouts, Flux or another TrafficShift writes these weights.',
  RouteNotFound: 'There is no such route with the new destination and one other.',
  Paused: 'A gate did not hold, or could not be judged; the message says which. A person decides.',
  RollingBack: 'The weights are set back.',
  InvalidSpec: 'The spec cannot be read; the message names the field.',
} as const;
export type ShiftConditionReason = keyof typeof SHIFT_CONDITION_REASONS;

/** Reasons of Events on a TrafficShift. */
export const SHIFT_EVENT_REASONS = {
  StepStarted: 'A step began.',
  StepReached: 'The weights of a step are set, and watched.',
  ShiftPaused: 'A gate did not hold, or could not be judged.',
  RollingBack: 'The weights are set back.',
  ShiftEnded: 'It is done, back, or was ended by a person.',
  ShiftInvalid: 'The spec cannot be read.',
} as const;
export type ShiftEventReason = keyof typeof SHIFT_EVENT_REASONS;
