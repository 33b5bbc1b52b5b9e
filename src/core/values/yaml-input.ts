import { isScalar, parseAllDocuments } from 'yaml';
import type { ScalarTag, Tags } from 'yaml';
import { isJsonObject } from '../kube-object.ts';
import type { JsonObject } from '../kube-object.ts';
import type { Problem } from '../problem.ts';
import { readDocumentValue } from './yaml-document.ts';

/** Types of YAML 1.1 that have no counterpart in JSON; such values stay text, as Kubernetes' readers have it. */
const NOT_JSON = new Set(['timestamp', 'binary', 'set', 'omap', 'pairs', 'intTime', 'floatTime']);

function jsonTags(tags: Tags): Tags {
  return tags
    .filter((tag) => typeof tag !== 'string' || !NOT_JSON.has(tag))
    .filter(isJsonTag)
    .flatMap(asKubernetes);
}

/**
 * Numbers that Kubernetes' readers take in another way: a lone dot (`exportTo: [.]`) and a lone exponent (`subset: e3`)
 * are text, prefixes may be capitals, `0o10` is octal too, and what is too large for a number stays text.
 */
function asKubernetes(tag: Tags[number]): Tags {
  if (!isScalarTag(tag)) return [tag];
  switch (tag.format) {
    case 'BIN':
      return [{ ...tag, test: /^[-+]?0[bB][01_]+$/ }];
    case 'HEX':
      return [{ ...tag, test: /^[-+]?0[xX][0-9a-fA-F_]+$/ }];
    case 'OCT':
      return [tag, withLetter(tag)];
    case 'EXP':
      return [finite({ ...tag, test: /^[-+]?(?:[0-9][0-9_]*\.?[0-9_]*|\.[0-9][0-9_]*)[eE][-+]?[0-9]+$/ })];
    default:
      return tag.test?.test('.')
        ? [finite({ ...tag, test: /^[-+]?(?:[0-9][0-9_]*\.[0-9_]*|\.[0-9][0-9_]*)$/ })]
        : [tag];
  }
}

function isScalarTag(tag: Tags[number]): tag is ScalarTag {
  return typeof tag === 'object' && 'test' in tag;
}

function withLetter(octal: ScalarTag): ScalarTag {
  const resolve: ScalarTag['resolve'] = (text, ...more) => octal.resolve(text.replace(/o/i, ''), ...more);
  return { ...octal, test: /^[-+]?0[oO][0-7_]+$/, resolve };
}

/** What is too large for a number stays text. */
function finite(tag: ScalarTag): ScalarTag {
  const resolve: ScalarTag['resolve'] = (text, ...more) => {
    const read = tag.resolve(text, ...more);
    return Number.isFinite(isScalar(read) ? read.value : read) ? read : text;
  };
  return { ...tag, resolve };
}

function isJsonTag(tag: Tags[number]): boolean {
  if (typeof tag === 'string') return true;
  const { tag: name, format } = tag;
  // Infinity and what is no number are none in JSON either.
  if ('test' in tag && tag.test?.test('.inf') === true) return false;
  if ('test' in tag && tag.test?.test('.nan') === true) return false;
  return format !== 'TIME' && !NOT_JSON.has(name.slice(name.lastIndexOf(':') + 1));
}

/** The rules of YAML 1.1 as Kubernetes' tools read it (bare `yes` is true). */
export const KUBERNETES_YAML = {
  version: '1.1',
  schema: 'yaml-1.1',
  customTags: jsonTags,
  logLevel: 'silent',
} as const;

/** The objects in a YAML text, read as Kubernetes' tools do. */
export function parseYamlObjects(text: string, problems: Problem[]): JsonObject[] {
  const documents = parseAllDocuments(text, KUBERNETES_YAML);
  const objects: JsonObject[] = [];
  for (const document of documents) {
    const read = readDocumentValue(document);
    if (!read.ok) {
      problems.push(
        ...read.faults.map(({ line, message }): Problem => ({ path: `line ${line}`, code: 'YamlInvalid', message })),
      );
      continue;
    }
    const { value } = read;
    if (isJsonObject(value)) objects.push(value);
    else if (value !== null && value !== undefined) {
      problems.push({
        path: '',
        code: 'NotIstioOperator',
        message: 'must be an IstioOperator resource, not a list or a plain value',
      });
    }
  }
  return objects;
}
