import { findMissing, readHostFacts } from '../../../testbed/real/host-facts.ts';

/** Why this machine cannot run real nodes, for `describe.skipIf`; empty when it can. */
export const MISSING = findMissing(await readHostFacts());
if (MISSING.length > 0) console.warn(`skipped, because real nodes need ${MISSING.join(', ')}`);
