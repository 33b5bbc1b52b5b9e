import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { findRegexSyntaxFault } from '../../src/core/validate/rules/regex.ts';
import { meshConfigCases } from './mesh-config.ts';
import { judgeCase, judgeLayers, readCases, readMutatedCases } from './validate.ts';

const CORPUS = fileURLToPath(new URL('../../../shared/corpus', import.meta.url));
const present = existsSync(CORPUS);
if (!present) console.warn('conformance of validation: skipped, ../shared/corpus is absent');
const documents = present ? readCases(`${CORPUS}/validation`) : [];
const mutated = present ? readMutatedCases(`${CORPUS}/fuzz`) : [];
const LONGEST_REGEX = 1024;

describe.skipIf(!present)('validation judges as Istio does', () => {
  it.each([
    ['every document', documents],
    ['every mutated document', mutated],
  ])('%s, by the webhook', (_name, cases) => {
    expect(cases.length).toBeGreaterThan(1000);
    expect(cases.map(judgeCase).filter(({ difference }) => difference !== undefined)).toEqual([]);
  });

  it.each([
    ['every document', documents],
    ['every mutated document', mutated],
  ])('%s, by its definition and in all', (_name, cases) => {
    expect(cases.map(judgeLayers).filter(({ difference }) => difference !== undefined)).toEqual([]);
  });

  it('every mesh configuration', () => {
    const cases = meshConfigCases(`${CORPUS}/meshconfig`);
    expect(cases.length).toBeGreaterThan(100);
    expect(cases.filter(({ difference }) => difference !== undefined)).toEqual([]);
  });

  it('every regular expression', () => {
    const lines = readFileSync(`${CORPUS}/re2.jsonl`, 'utf8').trim().split('\n');
    const expressions = lines.map((line) => JSON.parse(line) as { pattern: string; ok: boolean });
    // The limit of length is ours to check before the syntax.
    const short = expressions.filter(({ pattern }) => pattern.length <= LONGEST_REGEX);
    const wrong = short.filter(({ pattern, ok }) => (findRegexSyntaxFault(pattern) === undefined) !== ok);
    expect(wrong).toEqual([]);
  });
});

const OLDER = fileURLToPath(new URL('../../../shared/corpus-1.30', import.meta.url));
const hasOlder = present && existsSync(OLDER);
if (!hasOlder) console.warn('conformance of older validation: skipped, ../shared/corpus-1.30 is absent');

describe.skipIf(!hasOlder)('validation judges as the minor before does', () => {
  it.each([
    ['every document', hasOlder ? readCases(`${OLDER}/validation`) : []],
    ['every mutated document', hasOlder ? readMutatedCases(`${OLDER}/fuzz`) : []],
  ])('%s, by the webhook', (_name, cases) => {
    expect(cases.length).toBeGreaterThan(1000);
    expect(cases.map(judgeCase).filter(({ difference }) => difference !== undefined)).toEqual([]);
  });
});
