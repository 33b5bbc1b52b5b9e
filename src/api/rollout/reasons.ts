/** Why a workload is not renewed. Users match on these: a rename is a breaking change. */
export const BLOCK_REASONS = {
  BarePod: 'No controller would make the pod anew.',
  Job: 'Its pods end by themselves; the next run has the new proxy.',
  OwnerUnknown: 'Its pods belong to a kind that is not known here.',
  SingleReplica: 'Its only pod would have to go before another one comes.',
  GatewayWouldShrink: 'It is a gateway, and a restart would leave it with fewer ready pods for a while.',
  Paused: 'The Deployment is paused.',
  RolloutRunning: 'It is being rolled out already.',
  BudgetExhausted: 'A PodDisruptionBudget lets no pod go now.',
  Excluded: 'Its annotation asks to be left out.',
  InjectionRefused: 'Injection would refuse its new pods.',
  WouldLoseProxy: 'Its new pods would have no proxy.',
  InjectionUnknown: 'What injection would do cannot be told.',
  InjectionNotProven: 'A dry run did not give the pod that injection should make.',
  NotInjected: 'Its proxies were not made by injection.',
  WriteRefused: 'The API server refused the write.',
  StillDifferent: 'Its renewed pods still differ from what injection makes: something else changes them.',
} as const;
export type BlockReason = keyof typeof BLOCK_REASONS;

/** Reasons of the conditions of a ProxyRollout. */
export const ROLLOUT_CONDITION_REASONS = {
  Done: 'All waves are done.',
  RolledBack: 'It went back; what was touched is as before.',
  Aborted: 'A person ended it; what was renewed stays.',
  InProgress: 'A wave is under way, watched, or waited for.',
  Suspended: 'spec.suspend is true.',
  ApprovalRequired: 'The wave waits for a person.',
  Paused: 'A gate did not hold, or could not be judged; the message says which. A person decides.',
  RollingBack: 'What was touched is brought back.',
  InvalidSpec: 'The spec cannot be read; the message names the field.',
} as const;
export type RolloutConditionReason = keyof typeof ROLLOUT_CONDITION_REASONS;

/** Reasons of Events on a ProxyRollout. */
export const ROLLOUT_EVENT_REASONS = {
  WaveStarted: 'A wave began.',
  WaveDone: 'A wave is done, and its gates held.',
  WorkloadRenewed: 'The pods of a workload are being renewed.',
  RolloutPaused: 'A gate did not hold, or could not be judged.',
  RollingBack: 'What was touched is brought back.',
  RolloutEnded: 'It is done, back, or was ended by a person.',
  RolloutInvalid: 'The spec cannot be read.',
} as const;
export type RolloutEventReason = keyof typeof ROLLOUT_EVENT_REASONS;
