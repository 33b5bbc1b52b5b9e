// npm run conformance -- manifests DIR: renders every case of the corpus and prints the score.
// npm run conformance -- inject DIR: injects every pod and file of the corpus, and what lies beside it.
// npm run conformance -- analyze DIR: runs every case of Istio's analyzers.
// npm run conformance -- validate DIR: judges every document of the corpus, and the mutated ones beside it.
// npm run conformance -- meshconfig DIR: judges every mesh configuration of the corpus.
// npm run conformance -- crds DIR: compares the definitions of Istio's kinds but for what is meant for people.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { compareDefinitions } from '../../tools/crd/compare-upstream.ts';
import { analyzeCases } from './analyze.ts';
import { decisionCases } from './inject-decisions.ts';
import { extraCases, injectionCases } from './inject.ts';
import { corpusOf, someOf } from './corpora.ts';
import { caseNames, runCase, type CaseResult } from './manifests.ts';
import { meshConfigCases } from './mesh-config.ts';
import { judgeCase, judgeLayers, readCases, readMutatedCases } from './validate.ts';

const [suite, folder] = process.argv.slice(2);
const suites: Record<string, (folder: string) => CaseResult[]> = {
  manifests,
  inject,
  crds,
  analyze,
  validate,
  meshconfig,
};
const run = suites[suite ?? ''];
if (run)
  process.exitCode = run(folder ?? defaultFolder(suite)).every((result) => result.difference === undefined) ? 0 : 1;
else {
  console.error('usage: npm run conformance -- manifests|inject|crds|analyze|validate|meshconfig [DIR]');
  process.exitCode = 2;
}

function defaultFolder(name: string | undefined): string {
  const folders: Record<string, string> = { inject: 'injection', validate: 'validation' };
  return `../shared/corpus/${folders[name ?? ''] ?? name ?? ''}`;
}

function manifests(cases: string): CaseResult[] {
  return scored(
    'cases',
    caseNames(cases).map((name) => runCase(cases, name)),
  );
}

function inject(cases: string): CaseResult[] {
  const results = existsSync(cases)
    ? [
        ...scored('pods and files', injectionCases(cases)),
        ...scored('pods by the text of the templates', injectionCases(cases, 'text')),
      ]
    : [];
  const extra = join(cases, '../injection-extra.jsonl');
  if (existsSync(extra)) {
    results.push(...scored('single answers', extraCases(extra)));
    results.push(...scored('single answers by the text of the templates', extraCases(extra, 'text')));
  }
  const decisions = `${cases}/../injection-decision`;
  if (existsSync(decisions)) results.push(...scored('decision rows', decisionCases(decisions)));
  return results;
}

function analyze(cases: string): CaseResult[] {
  return scored('cases', analyzeCases(cases));
}

function validate(cases: string): CaseResult[] {
  const [documents, mutated] = [readCases(cases), readMutatedCases(`${cases}/../fuzz`)];
  const byWebhook = scored('documents by the webhook', documents.map(judgeCase));
  if (corpusOf(cases).inputs !== undefined) {
    return [...byWebhook, ...scored('mutated documents by the webhook', mutated.map(judgeCase))];
  }
  return [
    ...byWebhook,
    ...scored('documents by definition and in all', documents.map(judgeLayers)),
    ...scored('mutated documents by the webhook', mutated.map(judgeCase)),
    ...scored('mutated documents by definition and in all', mutated.map(judgeLayers)),
  ];
}

function meshconfig(cases: string): CaseResult[] {
  return scored('mesh configurations', meshConfigCases(cases));
}

function crds(cases: string): CaseResult[] {
  const results = compareDefinitions(cases, corpusOf(cases).release).map(({ name, differences }) => ({
    name,
    difference: differences.length === 0 ? undefined : differences.join('\n  '),
  }));
  return scored('definitions', results);
}

function scored(what: string, results: CaseResult[]): CaseResult[] {
  someOf(results, what);
  for (const { name, difference } of results) if (difference !== undefined) console.log(`DIFF ${name}: ${difference}`);
  const exact = results.filter(({ difference }) => difference === undefined).length;
  console.log(`${what} exact ${exact}/${results.length}`);
  return results;
}
