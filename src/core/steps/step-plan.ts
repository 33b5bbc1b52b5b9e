/** One step of a plan. Times in milliseconds. */
export interface PlannedStep {
  name: string;
  /** How long its gates have to hold once it is reached. */
  soakMs: number;
  /** A person says when it may begin. */
  needsApproval: boolean;
}

/** What is to be done, step by step. */
export interface StepPlan {
  steps: readonly PlannedStep[];
  /** What follows a gate that does not hold. */
  onFailure: 'Pause' | 'Rollback';
  /** Whether there is a state to go back to. */
  hasWayBack: boolean;
  /** For the whole, from its first step on. */
  deadlineMs?: number;
  /** How long a gate that cannot be judged is waited for. */
  patienceMs: number;
}

/** Where a plan stands. */
export const STEP_PHASES = [
  'Waiting',
  'Acting',
  'Soaking',
  'Paused',
  'RollingBack',
  'Done',
  'RolledBack',
  'Aborted',
] as const;
export type StepPhase = (typeof STEP_PHASES)[number];

/** Why it was paused or went back, in a word. */
export type StepCause = 'GateFailed' | 'GateUnknown' | 'DeadlineExceeded' | 'Aborted';

/** What is remembered between two looks: all that decides about the next act beside what is seen. Times since the epoch. */
export interface StepProgress {
  phase: StepPhase;
  /** The step that is waited for, done or watched; the number of steps when all are done. */
  step: number;
  /** When the phase began. */
  since: number;
  /** When the first step began. */
  startedAt?: number;
  /** Since when a gate cannot be judged. */
  doubtSince?: number;
  /** The last word to go on that was heard: each counts once. */
  resumed?: string;
  cause?: { reason: StepCause; text: string };
}

/**
 * What a gate says of now. `unknown`: it could not be judged, which is never good. `silent`: there is too little to
 * judge by, so that it neither lets through nor holds back.
 */
export interface GateVerdict {
  name: string;
  result: 'good' | 'bad' | 'unknown' | 'silent';
  text: string;
}

/** What is seen at a look. */
export interface StepObservation {
  /** Milliseconds since the epoch. */
  now: number;
  /** Nothing is left to do for the present step. */
  isReached: boolean;
  /** There never was anything to do for it: it is passed over. */
  isEmpty: boolean;
  gates: readonly GateVerdict[];
  /** What keeps the step from beginning. */
  obstacle?: string;
  /** Until when no step may begin; Infinity where no time is known. */
  closedUntil?: number;
  isSuspended: boolean;
  /** Names of the steps that a person approved. */
  approved: readonly string[];
  /** A person's word to go on after a pause; any text, each counts once. */
  resume?: string;
  /** A person's word to end it here. */
  isAborted: boolean;
  /** All that was touched is as it was before. */
  isBack: boolean;
}

/** Why nothing is done now. */
export type WaitReason =
  'Suspended' | 'ApprovalRequired' | 'WindowClosed' | 'NotReady' | 'GateUnknown' | 'Soaking' | 'NextStep';

/** What to do now. What is to be done may have been done in part before: a step must not mind. */
export type StepAct =
  | { kind: 'do'; step: number }
  | { kind: 'wait'; reason: WaitReason; text: string; until?: number }
  | { kind: 'pause' }
  | { kind: 'rollBack' }
  | { kind: 'end' };
