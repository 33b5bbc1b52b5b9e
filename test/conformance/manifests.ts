import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject } from '../../src/core/kube-object.ts';
import type { Form } from '../../src/core/components.ts';
import { formatProblem, type Problem } from '../../src/core/problem.ts';
import { render } from '../../src/core/render/render.ts';
import { toManifestText } from '../../src/core/render/manifest-text.ts';
import { parseYamlObjects } from '../../src/core/values/yaml-input.ts';
import { corpusOf } from './corpora.ts';
import { comparable, firstDifference } from './compare.ts';

/** The images that the corpus was made with. */
export const CORPUS_DEFAULTS = { hub: 'registry.istio.io/testing', tag: 'latest' };

export interface CaseResult {
  name: string;
  /** The first difference; undefined when the case is exact. */
  difference: string | undefined;
}

/** The objects of a file's YAML, or an error. */
function readObjects(file: string, read = (text: string): string => text): JsonObject[] {
  const problems: Problem[] = [];
  const objects = parseYamlObjects(read(readFileSync(file, 'utf8')), problems);
  if (problems.length > 0) throw new Error(`${file}: ${problems.map(formatProblem).join('; ')}`);
  return objects;
}

/** Python, which wrote some answers, leaves text such as `y` without quotes: it takes only whole words for booleans. */
function quoteLetters(text: string): string {
  return text.replace(/(: |- )([yYnN])$/gm, "$1'$2'").replace(/^(\s*(?:- )?)([yYnN]):/gm, "$1'$2':");
}

/** Names of the cases in a folder of the corpus. */
export function caseNames(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => existsSync(join(folder, name, 'input.yaml')))
    .sort();
}

/** What a case's input renders to, or the problems that it has. */
export function renderCase(
  directory: string,
  options: { form?: Form; kubeVersion?: string; istioVersion?: string } = {},
): ReturnType<typeof render> {
  const argsFile = join(directory, 'args.txt');
  const force = existsSync(argsFile) && readFileSync(argsFile, 'utf8').includes('--force');
  const documents = readObjects(join(directory, 'input.yaml'));
  return render(
    { documents },
    {
      form: 'upstream',
      defaults: CORPUS_DEFAULTS,
      istioVersion: corpusOf(directory).release,
      force,
      ...options,
    },
  );
}

/** Renders one case and compares it, by way of the text that the command line prints. */
export function runCase(folder: string, name: string): CaseResult {
  const result = renderCase(join(folder, name));
  if (!result.ok) return { name, difference: result.problems.map(formatProblem).join('; ') };
  const text = toManifestText(result.value.components.flatMap((component) => component.objects));
  const actual = comparable(parseYamlObjects(text, []));
  const expected = comparable(readObjects(join(folder, name, 'expected.yaml'), quoteLetters));
  for (const key of new Set([...expected.keys(), ...actual.keys()])) {
    if (!actual.has(key)) return { name, difference: `${key}: missing` };
    if (!expected.has(key)) return { name, difference: `${key}: not expected` };
    const difference = firstDifference(expected.get(key), actual.get(key));
    if (difference !== undefined) return { name, difference: `${key} ${difference}` };
  }
  return { name, difference: undefined };
}
