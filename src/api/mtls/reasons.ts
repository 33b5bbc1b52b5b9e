/** What a readiness report finds. Users match on these: a rename is a breaking change. */
export const READINESS_REASONS = {
  PodsWithoutProxy: 'Pods have no proxy: their calls to the others would be refused.',
  PlaintextCallers: 'Metrics tell of callers that send plain text.',
  PlaintextRules: "DestinationRules let clients send something other than the mesh's mutual TLS.",
  ProbesNotRewritten: 'Probes of the kubelet go to the application itself, and would be refused.',
  ScrapedPorts: 'Prometheus scrapes a port of the application itself, and would be refused.',
  ExternalServices: 'A NodePort or LoadBalancer lets clients without a proxy in.',
  CallersUnknown: 'The operator knows no Prometheus: callers outside of the namespace are not known.',
  HeadlessServices: 'Clients connect to pods by their addresses: those without a proxy would be refused.',
  ExcludedPorts: 'Ports go past the proxy: they take plain text in every mode.',
  OtherModes: 'PeerAuthentications for workloads or ports say otherwise.',
} as const;
export type ReadinessReason = keyof typeof READINESS_REASONS;

/** Those that keep STRICT from beginning, unless they are accepted. */
export const BLOCKING_REASONS = [
  'PodsWithoutProxy',
  'PlaintextCallers',
  'PlaintextRules',
  'ProbesNotRewritten',
  'ScrapedPorts',
  'ExternalServices',
] as const satisfies readonly ReadinessReason[];

/** Reasons of the conditions of a MutualTLSMigration. */
export const MIGRATION_CONDITION_REASONS = {
  Done: 'STRICT holds; the exceptions that remain are listed.',
  RolledBack: 'The mode is as before.',
  Aborted: 'A person ended it before it changed anything.',
  InProgress: 'A step is under way, watched, or waited for.',
  NotReady: 'Somebody would be cut off by STRICT; the report says who.',
  Suspended: 'spec.suspend is true.',
  ApprovalRequired: 'STRICT waits for a person.',
  OwnedByOther: 'Flux or another MutualTLSMigration writes this mode, or its name is taken.',
  Paused: 'A gate did not hold, or could not be judged; the message says which. A person decides.',
  RollingBack: 'The mode is set back.',
  InvalidSpec: 'The spec cannot be read; the message names the field.',
} as const;
export type MigrationConditionReason = keyof typeof MIGRATION_CONDITION_REASONS;

/** Reasons of Events on a MutualTLSMigration. */
export const MIGRATION_EVENT_REASONS = {
  ModeChanging: 'The mode of a step is being set.',
  ModeSet: 'The mode of a step is set, and watched.',
  MigrationPaused: 'A gate did not hold, or could not be judged.',
  RollingBack: 'The mode is set back.',
  MigrationEnded: 'It is done, back, or was ended by a person.',
  MigrationInvalid: 'The spec cannot be read.',
} as const;
export type MigrationEventReason = keyof typeof MIGRATION_EVENT_REASONS;
