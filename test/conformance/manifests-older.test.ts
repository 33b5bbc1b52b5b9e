// A file of its own beside manifests.test.ts, as each takes long and a file has one processor.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { someOf } from './corpora.ts';
import { caseNames, runCase } from './manifests.ts';

const OLDER = fileURLToPath(new URL('../../../shared/corpus-1.30/manifests', import.meta.url));
const hasOlder = existsSync(OLDER);
if (!hasOlder) console.warn('conformance of older manifests: skipped, ../shared/corpus-1.30 is absent');

describe.skipIf(!hasOlder)('manifests of the corpus of the minor before', () => {
  it.each(hasOlder ? someOf(caseNames(OLDER), OLDER) : [])('%s is exactly what Istio renders', (name) => {
    expect(runCase(OLDER, name).difference).toBeUndefined();
  });
});
