/** Why a pod is refused. The keys are stable: metrics and Events carry them. */
export const DENIAL_REASONS = {
  InvalidPod: 'a field of the pod has a value of the wrong type',
  InvalidAnnotation: 'an annotation that configures the sidecar has a value that cannot be used',
  TemplateFailed: 'a template does not exist, or its result does not fit the pod',
  TemplateRefused: 'a template refuses the pod by calling "fail"',
  InvalidOverride: "the pod's own form of an injected container cannot be merged",
} as const;

export type DenialReason = keyof typeof DENIAL_REASONS;
