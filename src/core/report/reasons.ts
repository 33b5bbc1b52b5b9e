/** Why a proxy is not what a new pod would get; programs match on it. */
export const STALE_REASONS = {
  ControlPlaneGone: 'The control plane of its revision is not there any more: it gets no configuration.',
  OtherRevision: 'A new pod would be injected by another revision.',
  OtherVersion: 'It is of another release than its control plane.',
} as const;
export type StaleReason = keyof typeof STALE_REASONS;

/** Why STRICT in a namespace would break something; programs match on it. */
export const STRICT_BLOCKERS = {
  PodsWithoutProxy: 'Pods of the namespace have no proxy: their calls to the others would be refused.',
  PlaintextRules: "DestinationRules let clients send something other than the mesh's mutual TLS.",
  ProbesNotRewritten: 'Probes of the kubelet go to the application itself, and it speaks plain text.',
} as const;
export type StrictBlocker = keyof typeof STRICT_BLOCKERS;
