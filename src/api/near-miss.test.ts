import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nearest } from './near-miss.ts';

test.each<[string, string[], string | undefined]>([
  ['hbu', ['hub', 'tag'], 'hub'],
  ['labels', ['label', 'name'], 'label'],
  ['pilot_env', ['pilotEnv'], 'pilotEnv'],
  ['ENABLED', ['enabled'], 'enabled'],
  ['replicas', ['replicaCount', 'resources'], 'replicaCount'],
  ['zzz', ['hub', 'tag'], undefined],
  ['anything', [], undefined],
  ['x'.repeat(1000), ['x'], undefined],
])('%s among %j is %s', (word, candidates, expected) => {
  expect(nearest(word, candidates)).toBe(expected);
});

test('a candidate is nearest to itself', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.stringMatching(/^[a-z]{1,12}$/), { minLength: 1 }), (words) => {
      expect(words.map((word) => nearest(word, words))).toEqual(words);
    }),
  );
});
