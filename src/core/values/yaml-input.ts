import { parseAllDocuments } from 'yaml';
import type { Tags } from 'yaml';
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
    .map(withDigits);
}

/** A lone dot, with or without sign, is text to Kubernetes' readers (`exportTo: [.]`), and no number. */
function withDigits(tag: Tags[number]): Tags[number] {
  return typeof tag === 'object' && 'test' in tag && tag.test?.test('.')
    ? { ...tag, test: /^[-+]?(?:[0-9][0-9_]*\.[0-9_]*|\.[0-9][0-9_]*)$/ }
    : tag;
}

function isJsonTag(tag: Tags[number]): boolean {
  if (typeof tag === 'string') return true;
  const { tag: name, format } = tag;
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
