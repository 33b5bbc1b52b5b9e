import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { KUBERNETES_YAML } from '../../src/core/values/yaml-input.ts';
import { istioKind } from '../../src/api/istio-kinds.ts';
import { SPEC_SCHEMAS } from '../../src/api/istio-specs.ts';
import { decodeMessage } from '../../src/api/proto/decode-message.ts';
import type { MessageSchema } from '../../src/api/proto/message-schema.ts';

const CORPUS = join(import.meta.dirname, '../../../shared/corpus');

interface Verdict {
  file: string;
  index?: number;
  message?: string;
  strictErrors?: string[];
}
interface Resource {
  apiVersion: string;
  kind: string;
  spec?: unknown;
}

function readVerdicts(file: string): Verdict[] {
  const lines = readFileSync(join(CORPUS, file), 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line) as Verdict);
}

function readDocument({ file, index = 0 }: Verdict): Resource {
  const text = readFileSync(join(CORPUS, 'validation', file), 'utf8');
  const documents = [...parseAllDocuments(text, { ...KUBERNETES_YAML, uniqueKeys: false })];
  return documents[index]?.toJS() as Resource;
}

function readMutated(): (verdict: Verdict) => Resource {
  const texts = readFileSync(join(CORPUS, 'fuzz/configs.yaml'), 'utf8').split(/^---$/m);
  const resources = texts.filter((text) => text.trim() !== '').map((text) => JSON.parse(text) as Resource);
  return ({ index = 0 }) => resources[index] ?? { apiVersion: '', kind: '' };
}

/** Where our decoder and upstream's part: whether the document is readable, and whether it has unknown fields. */
function disagreement(verdict: Verdict, { apiVersion, kind, spec }: Resource): string[] {
  const known = istioKind(apiVersion.split('/')[0] ?? '', kind);
  if (known === undefined) return [`${verdict.file}: unknown kind ${kind}`];
  const result = decodeMessage(SPEC_SCHEMAS[known] as MessageSchema, spec, 'spec');
  const readable = !verdict.message?.startsWith('error decoding');
  // Upstream's strict reader stops at its first error, whichever it is.
  const clean = (verdict.strictErrors ?? []).length === 0;
  const ours = [result.ok, result.ok && result.warnings.length === 0].join();
  return ours === [readable, clean].join() ? [] : [`${verdict.file} ${verdict.index ?? ''}: ${JSON.stringify(result)}`];
}

it.skipIf(!existsSync(CORPUS)).each<[string, string, () => (verdict: Verdict) => Resource]>([
  ['document of the corpus', 'validation/verdicts.jsonl', () => readDocument],
  ['mutated document', 'fuzz/configs.verdicts.jsonl', readMutated],
])('reads or refuses each %s as Istio does, and knows the same fields', (_title, file, reader) => {
  const verdicts = readVerdicts(file);
  const read = reader();
  expect(verdicts.flatMap((verdict) => disagreement(verdict, read(verdict)))).toEqual([]);
  expect(verdicts.length).toBeGreaterThan(1_000);
});
