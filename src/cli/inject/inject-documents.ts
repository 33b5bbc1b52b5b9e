import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  parseAllDocuments,
  visit,
  type Document,
  Pair,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import { isEqual } from '../../core/json-equality.ts';
import { isJsonObject, type Json, type JsonObject } from '../../core/kube-object.ts';
import { readDocumentValue } from '../../core/values/yaml-document.ts';
import { KUBERNETES_YAML } from '../../core/values/yaml-input.ts';

/** One document of a text: what it holds, and the text it is written in. */
export interface TextDocument {
  /** Place in the file, from 0. */
  index: number;
  /** Undefined for a document with nothing but comments. */
  value: JsonObject | undefined;
  document: Document.Parsed;
  /** From the end of the document before to its own end, with its marker and comments. */
  source: string;
}

/** The documents of a text; what cannot be read is added to the problems. */
export function readTextDocuments(text: string, problems: string[]): TextDocument[] {
  let end = 0;
  const documents: TextDocument[] = [];
  for (const [index, document] of [...parseAllDocuments(text, KUBERNETES_YAML)].entries()) {
    const source = text.slice(end, document.range[2]);
    end = document.range[2];
    const read = readDocumentValue(document);
    const value = read.ok ? read.value : undefined;
    const problem = read.ok ? problemOf(value) : read.faults.map(({ line, message }) => `line ${line}: ${message}`)[0];
    if (problem !== undefined) problems.push(`document ${index + 1}: ${problem}`);
    documents.push({ index, document, source, value: isJsonObject(value) ? value : undefined });
  }
  return documents;
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
export function rewriteDocument({ document, value }: TextDocument, after: JsonObject): string {
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
