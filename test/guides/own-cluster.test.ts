import { afterAll, beforeAll, describe, it } from 'vitest';

import { describeBlocks } from '../../tools/guides/count-blocks.ts';
import { readGuides } from '../../tools/guides/read-guides.ts';
import { GuideCluster } from '../e2e/support/guide-cluster.ts';
import { GUIDES_TO_RUN, runAll } from './support/run-guides.ts';

console.log(describeBlocks(readGuides()));

describe.each(GUIDES_TO_RUN.filter(({ ownCluster }) => ownCluster))('on a cluster of its own', (guide) => {
  let cluster: GuideCluster;
  beforeAll(async () => {
    cluster = await GuideCluster.start();
  });
  afterAll(() => cluster?.stop());

  it(`${guide.path} is as it says`, () => runAll(guide, cluster));
});
