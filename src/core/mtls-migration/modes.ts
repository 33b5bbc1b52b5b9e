/** Modes of mutual TLS that a policy may set. */
export const SHIFTED_MODES = ['DISABLE', 'PERMISSIVE', 'STRICT'] as const;
/** What a policy says; UNSET where it says nothing, or is not there. */
export type SetMode = (typeof SHIFTED_MODES)[number] | 'UNSET';
