import { isAlias, isMap, isScalar, isSeq, visit, type Document, Pair, type YAMLMap, type YAMLSeq } from 'yaml';
import { isEqual } from '../../core/json-equality.ts';
import { isJsonObject, type Json, type JsonObject } from '../../core/kube-object.ts';
import { parseYamlDocuments, type ParsedDocument } from '../files/yaml-documents.ts';

/** One document of a text, and the object that it holds. */
export interface TextDocument extends ParsedDocument {
  /** Undefined for a document with nothing but comments. */
  value: JsonObject | undefined;
}

/** The documents of a file's text; what cannot be read is added to the problems, with file and line. */
export function readTextDocuments(text: string, file: string, problems: string[]): TextDocument[] {
  return parseYamlDocuments(text).map((document) => {
    const { read, index, lineOf } = document;
    const value = read.ok ? read.value : undefined;
    if (!read.ok) problems.push(...read.faults.map(({ line, message }) => `${file}:${line}: ${message}`));
    const problem = problemOf(value);
    if (problem !== undefined) problems.push(`${file}:${lineOf('')}: document ${index + 1} ${problem}`);
    return { ...document, value: isJsonObject(value) ? value : undefined };
  });
}

function problemOf(value: unknown): string | undefined {
  if (value === null || value === undefined) return undefined;
  if (!isJsonObject(value)) return 'is not a Kubernetes object but a list or a plain value';
  for (const field of ['apiVersion', 'kind']) {
    if (typeof value[field] !== 'string') return `is not a Kubernetes object: ${field} is missing`;
  }
  return undefined;
}

/**
 * The text of a document whose content has become another. What did not change keeps its form and its comments;
 * a document with anchors is written anew, because a part may stand in several places.
 */
export function rewriteDocument(
  { document, value }: Pick<TextDocument, 'document' | 'value'>,
  after: JsonObject,
): string {
  const contents = hasAnchors(document)
    ? newNode(document, after)
    : updated(document, document.contents, { before: value, after });
  document.contents = contents as typeof document.contents;
  return document.toString({ lineWidth: 0 });
}

function hasAnchors(document: Document.Parsed): boolean {
  let found = false;
  visit(document, {
    Node: (_, node) => {
      found ||= isAlias(node) || node.anchor !== undefined;
      return found ? visit.BREAK : undefined;
    },
    Pair: (_, { key }) => {
      found ||= isScalar(key) && key.value === '<<';
      return undefined;
    },
  });
  return found;
}

/** What stands in two places is written twice: readers do not agree on aliases. */
function newNode(document: Document.Parsed, value: Json): ReturnType<Document['createNode']> {
  return document.createNode(value, { aliasDuplicateObjects: false });
}

interface Change {
  before: Json | undefined;
  after: Json;
}

function updated(document: Document.Parsed, node: unknown, { before, after }: Change): unknown {
  if (isEqual(before, after)) return node;
  if (isMap(node) && isJsonObject(before) && isJsonObject(after)) return updatedMap(document, node, before, after);
  if (isSeq(node) && Array.isArray(before) && Array.isArray(after)) return updatedList(document, node, before, after);
  return newNode(document, after);
}

function updatedMap(document: Document.Parsed, node: YAMLMap, before: JsonObject, after: JsonObject): YAMLMap {
  const keyOf = ({ key }: Pair): string => String(isScalar(key) ? key.value : key);
  const kept = node.items.filter((pair) => after[keyOf(pair)] !== undefined);
  for (const pair of kept) {
    const key = keyOf(pair);
    const value = after[key];
    if (value !== undefined) pair.value = updated(document, pair.value, { before: before[key], after: value });
  }
  const known = new Set(kept.map(keyOf));
  const added = Object.entries(after).filter(([key, value]) => value !== undefined && !known.has(key));
  node.items = [
    ...kept,
    ...added.map(([key, value]) => new Pair(newNode(document, key), newNode(document, value ?? null))),
  ];
  return node;
}

/** Elements are the same when they have the same name, or the same content. */
function updatedList(document: Document.Parsed, node: YAMLSeq, before: Json[], after: Json[]): YAMLSeq {
  const left = new Set(before.keys());
  node.items = after.map((item) => {
    const at = [...left].find((index) => isSameElement(before[index], item));
    if (at === undefined) return newNode(document, item);
    left.delete(at);
    return updated(document, node.items[at], { before: before[at], after: item });
  });
  return node;
}

function isSameElement(before: Json | undefined, after: Json): boolean {
  const name = isJsonObject(after) ? after.name : undefined;
  return typeof name === 'string' && isJsonObject(before) ? before.name === name : isEqual(before, after);
}
