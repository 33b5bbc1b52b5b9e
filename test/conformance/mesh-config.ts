import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { meshConfigWithDefaults } from '../../src/core/inject/mesh-config.ts';
import { InjectionError } from '../../src/core/inject/template-context.ts';
import type { JsonObject } from '../../src/core/kube-object.ts';
import type { Finding } from '../../src/core/validate/finding.ts';
import { validateMeshConfig } from '../../src/core/validate/mesh/mesh-config.ts';
import { parseYamlObjects } from '../../src/core/values/yaml-input.ts';
import type { CaseResult } from './manifests.ts';

interface Expected {
  file: string;
  /** Whether the document is the whole configuration, or lies over Istio's defaults. */
  mode: 'bare' | 'over-defaults';
  verdict: 'accept' | 'reject';
  errors: string[];
  warnings: string[];
}

/** Every mesh configuration of the corpus: verdict, and of what is accepted the number of warnings. */
export function meshConfigCases(folder: string): CaseResult[] {
  const lines = readFileSync(join(folder, 'verdicts.jsonl'), 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => runCase(folder, JSON.parse(line) as Expected));
}

function runCase(folder: string, expected: Expected): CaseResult {
  const name = expected.file;
  const [config = {}] = parseYamlObjects(readFileSync(join(folder, name), 'utf8'), []);
  const findings = judge(config, expected.mode);
  const errors = findings.filter(({ severity }) => severity === 'error');
  const verdict = errors.length > 0 ? 'reject' : 'accept';
  const isEqual =
    verdict === expected.verdict && (verdict === 'reject' || findings.length === expected.warnings.length);
  if (isEqual) return { name, difference: undefined };
  const theirs = [...expected.errors, ...expected.warnings];
  const ours = findings.map(({ path, message }) => `${path}: ${message}`);
  return { name, difference: [`want ${expected.verdict}`, ...theirs, `got ${verdict}`, ...ours].join('\n    ') };
}

function judge(config: JsonObject, mode: Expected['mode']): Finding[] {
  try {
    return validateMeshConfig(mode === 'bare' ? config : meshConfigWithDefaults(config));
  } catch (error) {
    if (!(error instanceof InjectionError)) throw error;
    return [{ severity: 'error', path: '', code: 'DecodingFailed', message: error.message }];
  }
}
