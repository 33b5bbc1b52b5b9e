// The guides, run as they are written: each block by itself, in its order.
import { expect } from 'vitest';

import { runGuide } from '../../../tools/guides/guide-shell.ts';
import type { Guide } from '../../../tools/guides/read-guide.ts';
import { readGuides } from '../../../tools/guides/read-guides.ts';
import type { GuideCluster } from '../../e2e/support/guide-cluster.ts';

/** The guides of which something is run. */
export const GUIDES_TO_RUN = readGuides().filter(({ steps }) => steps.some(({ action }) => action.kind !== 'none'));

/** Runs a guide to its end, and tells all that is not as it says. */
export async function runAll(guide: Guide, cluster: GuideCluster): Promise<void> {
  const began = performance.now();
  const failures = await runGuide(guide, cluster.tools);
  console.log(`${guide.path}: ${((performance.now() - began) / 1000).toFixed(1)} s\n${failures.join('\n\n')}`);
  expect(failures.join('\n\n')).toBe('');
}
