import { describe, expect, it } from 'vitest';
import { findRelease } from './find-release.ts';
import { findReleasesFor, mergeSayings, type ResourceReader } from './readers.ts';

const OLD: ResourceReader = { revision: '', release: '1.30.8' };
const NEW: ResourceReader = { revision: 'canary', release: '1.31.4' };
const TEAM: ResourceReader = { revision: 'team', release: '1.32.0', namespaces: ['team'] };

function releases(readers: readonly ResourceReader[], revision?: string, namespace = 'shop'): string[] {
  return findReleasesFor(readers, { revision, namespace }).map(({ name }) => name);
}

describe('the releases that read a resource', () => {
  it.each<[string, ResourceReader[], { revision?: string; namespace?: string }, string[]]>([
    ['without a control plane: the usual one', [], {}, ['1.31.4']],
    ['one control plane', [OLD], {}, ['1.30.8']],
    ['all of several, the newest first', [OLD, NEW], {}, ['1.31.4', '1.30.8']],
    ['two of one release', [NEW, { revision: 'b', release: '1.31.4' }], {}, ['1.31.4']],
    ['two releases that do the same', [NEW, { revision: 'b', release: '1.31.3' }], {}, ['1.31.3']],
    ['by the label', [OLD, NEW], { revision: 'canary' }, ['1.31.4']],
    ['by the label of the revision without a name', [OLD, NEW], { revision: 'default' }, ['1.30.8']],
    ['a label that nobody has: all', [OLD, NEW], { revision: 'gone' }, ['1.31.4', '1.30.8']],
    ['who does not look at the namespace does not count', [OLD, TEAM], {}, ['1.30.8']],
    ['who does look at it counts', [OLD, TEAM], { namespace: 'team' }, ['1.32.0', '1.30.8']],
    ['nobody looks at it: all', [TEAM], {}, ['1.32.0']],
    ['a label wins over what is looked at', [OLD, TEAM], { revision: 'team' }, ['1.32.0']],
  ])('%s', (_, readers, { revision, namespace }, expected) => {
    expect(releases(readers, revision, namespace)).toEqual(expected);
  });
});

it('says once what several releases say, and who says it where not all do', () => {
  const [older, newer] = [findRelease('1.30'), findRelease('1.31')];
  const said = [
    [newer, ['a', 'b']],
    [older, ['b', 'c', 'c']],
  ] as const;
  const keyOf = (item: string): string => item;
  expect(mergeSayings(said, keyOf)).toEqual([{ item: 'a', only: '1.31' }, { item: 'b' }, { item: 'c', only: '1.30' }]);
  expect(mergeSayings(said, keyOf, () => 1)[0]).toEqual({ item: 'a' });
});
