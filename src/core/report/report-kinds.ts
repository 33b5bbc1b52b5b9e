import { KIND, type Kind } from '../analyze/kinds.ts';

/** Nothing of a report hangs on these, and Secrets are nobody's business. */
const UNWANTED: ReadonlySet<Kind> = new Set([KIND.secret, KIND.customResourceDefinition]);

/** What a report is made of, beside IstioOperators and ProxyRollouts. */
export const REPORT_KINDS: readonly Kind[] = Object.values(KIND).filter((kind) => !UNWANTED.has(kind));
