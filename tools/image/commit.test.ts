import { expect, it } from 'vitest';

import { readCommit } from './commit.ts';

it('gives a tree without a repository the time that it is told', async () => {
  expect(await readCommit('/', { SOURCE_DATE_EPOCH: '86400' })).toEqual({
    created: '1970-01-02T00:00:00.000Z',
    revision: undefined,
  });
  expect(await readCommit('/', {})).toEqual({ created: '1970-01-01T00:00:00.000Z', revision: undefined });
});

it('refuses a time that is none', async () => {
  await expect(readCommit('/', { SOURCE_DATE_EPOCH: 'yesterday' })).rejects.toThrow(
    'SOURCE_DATE_EPOCH is "yesterday": set it to seconds since the epoch',
  );
});
