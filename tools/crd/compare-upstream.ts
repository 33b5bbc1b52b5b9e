// node tools/crd/compare-upstream.ts DIR RELEASE: how our definitions differ from Istio's, but for what is meant for people.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { findRelease } from '../../src/core/istio/find-release.ts';
import { laterFields } from '../../src/core/istio/registry.ts';
import { isJsonObject, type JsonObject } from '../../src/core/kube-object.ts';
import { istioDefinitions } from './istio-crd.ts';

/** One definition, and the paths at which it differs: `spec.versions[v1]...: ours ..., upstream ...`. */
export interface Comparison {
  name: string;
  differences: string[];
}

/** Compares each definition of a folder, which are those of a release, with ours of the same name, and names those that only one side has. */
export function compareDefinitions(folder: string, release: string): Comparison[] {
  const later = laterFields(findRelease(release).version);
  const ours = new Map(istioDefinitions(later).map((definition) => [definition.metadata.name, definition]));
  const theirs = readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => parse(readFileSync(join(folder, file), 'utf8')) as JsonObject);
  const compared = theirs.map((upstream) => {
    const { name } = upstream['metadata'] as { name: string };
    const own = ours.get(name);
    ours.delete(name);
    return { name, differences: own ? differences(outline(own), outline(upstream), '') : ['we do not have it'] };
  });
  return [...compared, ...[...ours.keys()].map((name) => ({ name, differences: ['upstream does not have it'] }))];
}

/** What counts: all but the labels of the chart, which rendering adds. */
function outline(definition: object): JsonObject {
  const { metadata, ...rest } = structuredClone(definition) as JsonObject;
  const { name, annotations } = metadata as JsonObject;
  return { ...rest, metadata: { name, annotations } };
}

/** Lists whose order means nothing: JSON Schema reads `required` and `enum` as sets. */
const UNORDERED = new Set(['required', 'enum']);

function differences(ours: unknown, upstream: unknown, path: string): string[] {
  if (Array.isArray(ours) && Array.isArray(upstream)) return listDifferences(ours, upstream, path);
  if (isJsonObject(ours) && isJsonObject(upstream)) return objectDifferences(ours, upstream, path);
  if (normal(ours, path) === normal(upstream, path)) return [];
  return [`${path}: ours ${JSON.stringify(ours)}, upstream ${JSON.stringify(upstream)}`];
}

function listDifferences(ours: unknown[], upstream: unknown[], path: string): string[] {
  const key = path.slice(path.lastIndexOf('.') + 1);
  const [left, right] = UNORDERED.has(key) ? [ours.toSorted(), upstream.toSorted()] : [ours, upstream];
  const length = Math.max(left.length, right.length);
  return Array.from({ length }, (_, i) => differences(left[i], right[i], `${path}[${i}]`)).flat();
}

function objectDifferences(ours: JsonObject, upstream: JsonObject, path: string): string[] {
  const keys = new Set([...Object.keys(ours), ...Object.keys(upstream)]);
  return [...keys]
    .filter((key) => !isForPeople(key, path, ours[key] ?? upstream[key]))
    .flatMap((key) => differences(ours[key], upstream[key], path ? `${path}.${key}` : key));
}

/** Descriptions, and the messages of rules. A field that is named so is an object. */
function isForPeople(key: string, path: string, value: unknown): boolean {
  if (typeof value !== 'string') return false;
  return key === 'description' || (key === 'message' && /x-kubernetes-validations\[\d+\]$/.test(path));
}

/** Blanks and line breaks between the words of a CEL rule mean nothing. */
function normal(value: unknown, path: string): string | undefined {
  return path.endsWith('.rule') && typeof value === 'string' ? value.replace(/\s+/g, ' ') : JSON.stringify(value);
}

/** Prints the differences and the score, and tells whether there were none. */
function report(results: Comparison[]): boolean {
  for (const { name, differences: found } of results) {
    for (const difference of found) console.log(`DIFF ${name}: ${difference}`);
  }
  const equal = results.filter(({ differences: found }) => found.length === 0).length;
  console.log(`definitions equal ${equal}/${results.length}`);
  return equal === results.length;
}

if (import.meta.main) {
  process.exitCode = report(compareDefinitions(process.argv[2] ?? '../shared/corpus/crds', process.argv[3] ?? '1.31'))
    ? 0
    : 1;
}
