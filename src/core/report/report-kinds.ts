import { MUTUAL_TLS_MIGRATION } from '../../api/mtls/mutual-tls-migration.ts';
import { PROXY_ROLLOUT } from '../../api/rollout/proxy-rollout.ts';
import { TRAFFIC_SHIFT } from '../../api/shift/traffic-shift.ts';
import { KIND, type Kind } from '../analyze/kinds.ts';

/** Nothing of a report hangs on these, and Secrets are nobody's business. */
const UNWANTED: ReadonlySet<Kind> = new Set([KIND.secret, KIND.customResourceDefinition]);

/** Kinds of ours that go by steps. */
export const CHANGE_KINDS = [PROXY_ROLLOUT, TRAFFIC_SHIFT, MUTUAL_TLS_MIGRATION];

/** What a report is made of, beside IstioOperators and the kinds that go by steps. */
export const REPORT_KINDS: readonly Kind[] = Object.values(KIND).filter((kind) => !UNWANTED.has(kind));
