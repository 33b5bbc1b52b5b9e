import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { someOf } from './corpora.ts';
import { caseNames, renderCase, runCase } from './manifests.ts';

const CORPUS = fileURLToPath(new URL('../../../shared/corpus/', import.meta.url));
const MANIFESTS = `${CORPUS}manifests`;
const INVALID = `${CORPUS}manifests-invalid`;
const present = existsSync(CORPUS);
const cases = present ? someOf(caseNames(MANIFESTS), MANIFESTS) : [];
if (!present) console.warn('conformance of manifests: skipped, ../shared/corpus is absent');

describe.skipIf(!present)('manifests of the corpus', () => {
  it.each(cases)('%s is exactly what Istio renders', (name) => {
    expect(runCase(MANIFESTS, name).difference).toBeUndefined();
  });

  it.each(present ? someOf(caseNames(INVALID), INVALID) : [])('%s is refused, and the field is named', (name) => {
    const result = renderCase(`${INVALID}/${name}`);
    expect(result.ok).toBe(false);
    if (!result.ok) expect(result.problems.every(({ path }) => path !== '')).toBe(true);
  });
});
