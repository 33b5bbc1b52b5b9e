/** `upstream`: exactly what Istio's own tool renders. `sailwright`: ours, with its quirks fixed (docs/reference/differences.md). */
export type Form = 'upstream' | 'sailwright';

/** Istio's user-facing component names, in the order in which they are rendered. */
export const COMPONENTS = ['Base', 'Pilot', 'IngressGateways', 'EgressGateways', 'Cni', 'Ztunnel'] as const;
export type ComponentName = (typeof COMPONENTS)[number];
