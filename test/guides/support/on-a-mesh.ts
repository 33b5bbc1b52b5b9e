import { afterAll, beforeAll, describe, it } from 'vitest';

import { GuideCluster } from '../../e2e/support/guide-cluster.ts';
import { GUIDES_TO_RUN, runAll } from './run-guides.ts';

/** Makes cases of every second guide that wants a mesh, from the first or the second one on: each half has a cluster. */
export function runHalf(first: 0 | 1): void {
  const guides = GUIDES_TO_RUN.filter(({ ownCluster }) => !ownCluster).filter((_, index) => index % 2 === first);

  describe('on a mesh', () => {
    let cluster: GuideCluster;
    beforeAll(async () => {
      cluster = await GuideCluster.start();
      await cluster.install();
    });
    afterAll(() => cluster?.stop());

    it.each(guides)('$path is as it says', async (guide) => {
      try {
        await runAll(guide, cluster);
      } finally {
        await cluster.tidy();
      }
    });
  });
}
