import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { decodeIstioOperator } from '../../src/api/install/decode-istio-operator.ts';
import { decode } from '../../src/api/decode.ts';
import { meshConfig } from '../../src/api/mesh/mesh-config.ts';

const CORPUS = join(import.meta.dirname, '../../../shared/corpus');

/** Cases that are accepted here although upstream refuses the input, and why. */
const NOT_DECODING: Record<string, string> = {
  'inst-numeric-revision': 'a revision in quotes is a string; upstream guesses its type anew',
  'inv-status-present': 'a resource read from a cluster has a status',
  'inv-stackdriver-removed': 'the chart refuses it',
  'inv-unknown-profile': 'the profile is looked up when the tree is merged',
};
/** Upstream was run with --force here. */
const FORCED = 'up-flag-force';

function readYaml(path: string): unknown {
  return parse(readFileSync(path, 'utf8'), { version: '1.1', merge: true }) as unknown;
}

function casesOf(folder: string): string[] {
  return readdirSync(join(CORPUS, folder)).filter((name) => existsSync(join(CORPUS, folder, name, 'input.yaml')));
}

function decodeCase(folder: string, name: string): ReturnType<typeof decodeIstioOperator> {
  return decodeIstioOperator(readYaml(join(CORPUS, folder, name, 'input.yaml')));
}

// Skipped, and reported so, where the corpus does not stand beside the checkout.
describe.skipIf(!existsSync(CORPUS))('corpus', () => {
  test.each(['manifests', 'manifests-noeffect'])('every input of %s is accepted', (folder) => {
    const refused = casesOf(folder).flatMap((name) => {
      const result = decodeCase(folder, name);
      return result.ok ? [] : [name];
    });
    expect(refused.filter((name) => name !== FORCED)).toEqual([]);
  });

  test('every invalid input that decoding can know has a problem with a path', () => {
    const accepted = casesOf('manifests-invalid').filter((name) => {
      const result = decodeCase('manifests-invalid', name);
      return result.ok || result.problems.some((problem) => problem.path === '');
    });
    expect(accepted.sort()).toEqual(Object.keys(NOT_DECODING).sort());
  });

  test('mesh configurations are refused exactly where upstream cannot read them', () => {
    const lines = readFileSync(join(CORPUS, 'meshconfig/verdicts.jsonl'), 'utf8').trim().split('\n');
    const wrong = lines
      .map((line) => JSON.parse(line) as { file: string; decodeError: string })
      .filter(
        ({ file, decodeError }) =>
          decode(meshConfig, readYaml(join(CORPUS, 'meshconfig', file)) ?? {}, 'meshConfig').ok !==
          (decodeError === ''),
      );
    expect(wrong.map(({ file }) => file)).toEqual([]);
  });
});
