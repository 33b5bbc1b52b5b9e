import { describe, expect, it } from 'vitest';

import { renderBuildState } from './build-progress.ts';

describe('renderBuildState', () => {
  it.each([
    ['looks first what there is to do', { compiled: 0, total: 0 }, 'looking for what is to be compiled, 12 s'],
    ['says how much of the whole is done', { compiled: 1204, total: 2972 }, '1,204 of 2,972 packages, 12 s'],
    ['says that it links when all is compiled', { compiled: 2972, total: 2972 }, 'linking, 12 s'],
  ])('%s', (_, counts, expected) => {
    expect(renderBuildState({ title: 'Kubernetes', seconds: 12.3, ...counts })).toBe(
      `building Kubernetes: ${expected}`,
    );
  });
});
