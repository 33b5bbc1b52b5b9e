import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseAllDocuments, type Document, type Node } from 'yaml';
import { isJsonObject, type JsonObject } from '../../core/kube-object.ts';
import { listSome } from '../../core/list-some.ts';
import { readDocumentValue } from '../../core/values/yaml-document.ts';
import { describePlaceholder, findPlaceholder, findTemplate } from '../../core/values/unrendered.ts';
import { KUBERNETES_YAML } from '../../core/values/yaml-input.ts';
import { isJsonPatch, isKustomization, patchFilesOf } from './kustomize-patches.ts';

/** One object in a file. Items of a List count as objects of their own, with the document that holds them. */
export interface FileObject {
  file: string;
  /** Place of the document in its file, from 0. */
  index: number;
  value: JsonObject;
  /** The line of a field such as `spec.hosts[0]`, or of what is nearest above it; from 1. */
  lineOf: (path: string) => number;
}

/** What files hold, and what could not be read, each with file and line. */
export interface FileContents {
  objects: FileObject[];
  problems: string[];
  /** What was left out on purpose. */
  notes: string[];
}

const SUFFIXES = ['.yaml', '.yml', '.json'];

/** Reads files, directories with all that is below them, and `-` for standard input. */
export function readObjects(paths: readonly string[]): FileContents {
  const contents: FileContents = { objects: [], problems: [], notes: [] };
  for (const path of paths) {
    try {
      for (const file of wholeFilesOf(path, contents)) readFile(file, contents);
    } catch (error) {
      contents.problems.push(`${path}: cannot be read: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return contents;
}

/** Without patches: they are named in a kustomization of the same directory tree, and make sense with their base only. */
function wholeFilesOf(path: string, contents: FileContents): string[] {
  const files = filesOf(path);
  const found = files.filter(isKustomization).flatMap((file) => patchFilesOf(file, readFileSync(file, 'utf8')));
  const patches = new Set(found.filter((file) => files.includes(file)));
  if (patches.size > 0) {
    const names = listSome([...patches].sort());
    contents.notes.push(`${names}: left out, being patches of kustomize; to judge the result: kubectl kustomize DIR`);
  }
  return files.filter((file) => !patches.has(file));
}

function filesOf(path: string): string[] {
  if (path === '-' || !statSync(path).isDirectory()) return [path];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && SUFFIXES.some((suffix) => entry.name.endsWith(suffix)))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function readFile(file: string, contents: FileContents): void {
  const lines = new LineCounter();
  const text = readFileSync(file === '-' ? 0 : file, 'utf8');
  const documents = parseAllDocuments(text, { ...KUBERNETES_YAML, lineCounter: lines });
  let end = 0;
  for (const [index, document] of [...documents].entries()) {
    const read = readDocumentValue(document);
    const source = text.slice(end, document.range[2]);
    end = document.range[2];
    const placeholder = read.ok
      ? isJsonObject(read.value) && findPlaceholder(read.value, source)
      : findTemplate(source);
    if (placeholder) {
      contents.problems.push(
        `${file}:${lineAt({ file, index, document, lines }, pathParts(placeholder.path))}: ${describePlaceholder(placeholder)}`,
      );
      continue;
    }
    if (!read.ok) {
      contents.problems.push(...read.faults.map(({ line, message }) => `${file}:${line}: ${message}`));
      continue;
    }
    const { value } = read;
    if (isJsonObject(value)) contents.objects.push(...objectsOf(value, { file, index, document, lines }));
    else if (value !== null && value !== undefined && !isJsonPatch(value)) {
      contents.problems.push(`${file}: document ${index + 1} is no object`);
    }
  }
}

interface Place {
  file: string;
  index: number;
  document: Document;
  lines: LineCounter;
}

function objectsOf(value: JsonObject, place: Place): FileObject[] {
  const { file, index } = place;
  const at = (prefix: readonly string[]) => (path: string) => lineAt(place, [...prefix, ...pathParts(path)]);
  const { kind, items } = value;
  if (typeof kind !== 'string' || !kind.endsWith('List') || !Array.isArray(items)) {
    return [{ file, index, value, lineOf: at([]) }];
  }
  return items.flatMap((item, i) =>
    isJsonObject(item) ? [{ file, index, value: item, lineOf: at(['items', String(i)]) }] : [],
  );
}

/** `a.b[0].c[x.y]` as `a`, `b`, `0`, `c`, `x.y`. */
function pathParts(path: string): string[] {
  return [...path.matchAll(/\[([^\]]*)\]|[^.[\]]+/g)].map((match) => match[1] ?? match[0]);
}

function lineAt({ document, lines }: Place, parts: readonly string[]): number {
  let node: unknown = document.contents;
  let offset = isNode(node) ? (node.range?.[0] ?? 0) : 0;
  for (const part of parts) {
    const next = child(node, part, document);
    if (!next) break;
    offset = next.offset;
    node = next.node;
  }
  return lines.linePos(offset).line;
}

function isNode(value: unknown): value is Node {
  return isMap(value) || isSeq(value) || isScalar(value) || isAlias(value);
}

function child(parent: unknown, part: string, document: Document): { node: unknown; offset: number } | undefined {
  const node = isAlias(parent) ? parent.resolve(document) : parent;
  if (isSeq(node)) {
    const item = node.items[Number(part)];
    return isNode(item) ? { node: item, offset: item.range?.[0] ?? 0 } : undefined;
  }
  if (!isMap(node)) return undefined;
  const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === part);
  return pair && isScalar(pair.key) ? { node: pair.value, offset: pair.key.range?.[0] ?? 0 } : undefined;
}
