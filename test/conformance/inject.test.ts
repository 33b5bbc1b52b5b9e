import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { someOf } from './corpora.ts';
import { decisionCases } from './inject-decisions.ts';
import { extraCases, injectionCases, type InjectionCase, type Templates } from './inject.ts';

const CORPUS = fileURLToPath(new URL('../../../shared/corpus/', import.meta.url));
const PARTS: [string, string, (path: string) => InjectionCase[]][] = [
  ['pods and files are injected as Istio does', `${CORPUS}injection`, injectionCases],
  ['single answers of the webhook', `${CORPUS}injection-extra.jsonl`, extraCases],
  ['pods are injected so by the text of the templates', `${CORPUS}injection`, byText(injectionCases)],
  ['single answers with the text of the templates', `${CORPUS}injection-extra.jsonl`, byText(extraCases)],
  ['decision tables', `${CORPUS}injection-decision`, decisionCases],
];

/** With the templates that `manifest generate --upstream` writes for istiod, in place of the builders. */
function byText(casesIn: (path: string, templates: Templates) => InjectionCase[]): (path: string) => InjectionCase[] {
  return (path) => casesIn(path, 'text');
}

const present = existsSync(CORPUS);
if (!present) console.warn('conformance of injection: skipped, ../shared/corpus is absent');

describe.skipIf(!present).each(PARTS)('%s', (_title, path, casesIn) => {
  it.each(present ? someOf(casesIn(path), path) : [])('$name', ({ difference }) => {
    expect(difference).toBeUndefined();
  });
});

const OLDER = fileURLToPath(new URL('../../../shared/corpus-1.30/injection-extra.jsonl', import.meta.url));
const hasOlder = existsSync(OLDER);
if (!hasOlder) console.warn('conformance of older injection: skipped, ../shared/corpus-1.30 is absent');

describe.skipIf(!hasOlder)('single answers of the webhook of the minor before', () => {
  it.each(hasOlder ? someOf(extraCases(OLDER), OLDER) : [])('$name', ({ difference }) => {
    expect(difference).toBeUndefined();
  });
});
