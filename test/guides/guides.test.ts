// The guides, run as they are written: each block by itself, in its order.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { describeBlocks } from '../../tools/guides/count-blocks.ts';
import { runGuide } from '../../tools/guides/guide-shell.ts';
import type { Guide } from '../../tools/guides/read-guide.ts';
import { readGuides } from '../../tools/guides/read-guides.ts';
import { GuideCluster } from '../e2e/support/guide-cluster.ts';

const guides = readGuides().filter(({ steps }) => steps.some(({ action }) => action.kind !== 'none'));
console.log(describeBlocks(readGuides()));

const runAll = async (guide: Guide, cluster: GuideCluster): Promise<void> => {
  const began = performance.now();
  const failures = await runGuide(guide, cluster.tools);
  console.log(`${guide.path}: ${((performance.now() - began) / 1000).toFixed(1)} s\n${failures.join('\n\n')}`);
  expect(failures.join('\n\n')).toBe('');
};

describe('on a mesh', () => {
  let cluster: GuideCluster;
  beforeAll(async () => {
    cluster = await GuideCluster.start();
    await cluster.install();
  });
  afterAll(() => cluster?.stop());

  it.each(guides.filter(({ ownCluster }) => !ownCluster))('$path is as it says', async (guide) => {
    try {
      await runAll(guide, cluster);
    } finally {
      await cluster.tidy();
    }
  });
});

describe.each(guides.filter(({ ownCluster }) => ownCluster))('on a cluster of its own', (guide) => {
  let cluster: GuideCluster;
  beforeAll(async () => {
    cluster = await GuideCluster.start();
  });
  afterAll(() => cluster?.stop());

  it(`${guide.path} is as it says`, () => runAll(guide, cluster));
});
