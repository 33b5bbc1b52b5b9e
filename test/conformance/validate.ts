import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { findRelease } from '../../src/core/istio/find-release.ts';
import { isJsonObject, type JsonObject } from '../../src/core/kube-object.ts';
import { admitByDefinition } from '../../src/core/validate/crd-layer/admit-by-definition.ts';
import { predictAdmission } from '../../src/core/validate/predict-admission.ts';
import { validateResource } from '../../src/core/validate/validate-resource.ts';
import { KUBERNETES_YAML } from '../../src/core/values/yaml-input.ts';
import { corpusOf } from './corpora.ts';
import type { CaseResult } from './manifests.ts';

type Answer = 'accept' | 'reject';

interface Expected {
  file: string;
  kind: string;
  index?: number;
  verdict: Answer;
  crdVerdict: Answer;
  combinedVerdict: Answer;
  errors: string[];
  warnings: string[];
}

/** One document with Istio's own answer. */
export interface ValidationCase {
  name: string;
  expected: Expected;
  /** Undefined when the text is no YAML. */
  object: JsonObject | undefined;
  /** The release that answered. */
  release: string;
}

/** Documents of the corpus by kind, one a file. */
export function readCases(folder: string): ValidationCase[] {
  const { release, inputs } = corpusOf(folder);
  return readLines(join(folder, 'verdicts.jsonl')).map((expected) => {
    const from = inputs === undefined ? folder : join(folder, '..', '..', basename(inputs), 'validation');
    const [object] = readObjects(readFileSync(join(from, expected.file), 'utf8'));
    return { name: expected.file, expected, object, release };
  });
}

/** Mutated documents: one file, with the verdicts by place. */
export function readMutatedCases(folder: string): ValidationCase[] {
  const { release, inputs } = corpusOf(folder);
  const from = inputs === undefined ? folder : join(folder, '..', '..', basename(inputs), 'fuzz');
  const file = inputs === undefined ? join(folder, 'configs.verdicts.jsonl') : join(folder, '../fuzz-verdicts.jsonl');
  if (!existsSync(file)) return [];
  const texts = readFileSync(join(from, 'configs.yaml'), 'utf8').split(/^---\n/m);
  const objects = texts.filter((text) => text.trim() !== '').map((text) => readObjects(text)[0]);
  return readLines(file).map((expected) => ({
    name: `${expected.kind} #${expected.index ?? 0}`,
    expected,
    object: objects[expected.index ?? 0],
    release,
  }));
}

/** Compares what the definition of the kind says, and what a cluster says in the end. */
export function judgeLayers({ name, expected, object, release }: ValidationCase): CaseResult {
  const admission = object && admitByDefinition(object);
  const isKept = admission && admission.findings.length + admission.unknownFields.length === 0;
  const said = object && predictAdmission(object, { release: findRelease(release) })?.findings;
  const crd: Answer = isKept ? 'accept' : 'reject';
  const combined: Answer = said && !said.some(({ severity }) => severity === 'error') ? 'accept' : 'reject';
  if (crd === expected.crdVerdict && combined === expected.combinedVerdict) return { name, difference: undefined };
  const want = `want ${expected.crdVerdict} and ${expected.combinedVerdict}`;
  const reasons = (said ?? []).map(({ path, message, code }) => `${path}: ${message} [${code}]`);
  return { name, difference: [`${want}, got ${crd} and ${combined}`, ...reasons].join('\n    ') };
}

/** Compares the verdict, and of what is accepted the number of warnings. */
export function judgeCase({ name, expected, object, release }: ValidationCase): CaseResult {
  const findings = (object && validateResource(object, { release: findRelease(release) })?.findings) ?? [];
  const errors = findings.filter(({ severity }) => severity === 'error');
  const verdict = object === undefined || errors.length > 0 ? 'reject' : 'accept';
  const warnings = findings.filter(({ severity }) => severity === 'warning');
  const isEqual =
    verdict === expected.verdict && (verdict === 'reject' || warnings.length === expected.warnings.length);
  if (isEqual) return { name, difference: undefined };
  const ours = findings.map(({ path, code, message }) => `${path}: ${message} [${code}]`);
  const theirs = [...expected.errors, ...expected.warnings];
  return { name, difference: [`want ${expected.verdict}`, ...theirs, `got ${verdict}`, ...ours].join('\n    ') };
}

function readLines(file: string): Expected[] {
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => Object.assign({ errors: [] }, JSON.parse(line) as Expected));
}

function readObjects(text: string): JsonObject[] {
  const documents = parseAllDocuments(text, KUBERNETES_YAML);
  return [...documents].flatMap((document): JsonObject[] => {
    if (document.errors.length > 0) return [];
    const value: unknown = document.toJS({ maxAliasCount: 100 });
    return isJsonObject(value) ? [value] : [];
  });
}
