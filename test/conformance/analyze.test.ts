import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { analyzeCases } from './analyze.ts';

const CORPUS = fileURLToPath(new URL('../../../shared/corpus/analyze', import.meta.url));
const present = existsSync(CORPUS);
if (!present) console.warn('conformance of analysis: skipped, ../shared/corpus is absent');
const cases = present ? analyzeCases(CORPUS) : [];

describe.skipIf(!present)('analysis across resources', () => {
  it.each(cases.map(({ name, difference }): [string, string | undefined] => [name, difference]))(
    '%s finds what Istio finds',
    (_name, difference) => {
      expect(difference).toBeUndefined();
    },
  );
});
