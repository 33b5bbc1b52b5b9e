import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Origin } from '../../core/analyze/resource.ts';
import { isJsonObject, type JsonObject } from '../../core/kube-object.ts';
import { listSome } from '../../core/list-some.ts';
import { describePlaceholder, findPlaceholder, findTemplate } from '../../core/values/unrendered.ts';
import { InputError } from '../shell/input-error.ts';
import { isJsonPatch, isKustomization, patchFilesOf } from './kustomize-patches.ts';
import { causeOf, readText } from './read-text.ts';
import { readYamlDocuments } from './read-yaml-documents.ts';
import type { YamlDocument } from './yaml-documents.ts';

/** One object in a file. Items of a List count as objects of their own, with the document that holds them. */
export interface FileObject {
  file: string;
  /** Place of the document in its file, from 0. */
  index: number;
  value: JsonObject;
  /** The line of a field such as `spec.hosts[0]`, or of what is nearest above it; from 1. */
  lineOf: (path: string) => number;
}

/** Where an object was read. The line is looked for when it is asked for: that takes longer than to read all values. */
export function originOf({ file, lineOf }: FileObject): Origin {
  return {
    file,
    get line() {
      return lineOf('metadata.name');
    },
  };
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
    tolerate(path, contents, () => {
      for (const file of wholeFilesOf(path, contents)) tolerate(file, contents, () => readFile(file, contents));
    });
  }
  return contents;
}

/** What cannot be read is told; the rest is read all the same. */
function tolerate(path: string, contents: FileContents, read: () => void): void {
  try {
    read();
  } catch (error) {
    contents.problems.push(error instanceof InputError ? error.message : `${path}: cannot be read: ${causeOf(error)}`);
  }
}

/** Without patches: they are named in a kustomization of the same directory tree, and make sense with their base only. */
function wholeFilesOf(path: string, contents: FileContents): string[] {
  const files = filesOf(path);
  const found = files.filter(isKustomization).flatMap(patchFilesOf);
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
  for (const document of readYamlDocuments(readText(file))) readDocument(file, document, contents);
}

function readDocument(file: string, document: YamlDocument, contents: FileContents): void {
  const { read, source, lineOf, index } = document;
  const placeholder = read.ok ? isJsonObject(read.value) && findPlaceholder(read.value, source) : findTemplate(source);
  if (placeholder) {
    contents.problems.push(`${file}:${lineOf(placeholder.path)}: ${describePlaceholder(placeholder)}`);
  } else if (!read.ok) {
    contents.problems.push(...read.faults.map(({ line, message }) => `${file}:${line}: ${message}`));
  } else if (isJsonObject(read.value)) {
    contents.objects.push(...objectsOf(read.value, file, document));
  } else if (read.value !== null && read.value !== undefined && !isJsonPatch(read.value)) {
    contents.problems.push(`${file}:${lineOf('')}: document ${index + 1} is no object`);
  }
}

function objectsOf(value: JsonObject, file: string, { index, lineOf }: YamlDocument): FileObject[] {
  const { kind, items } = value;
  if (typeof kind !== 'string' || !kind.endsWith('List') || !Array.isArray(items)) {
    return [{ file, index, value, lineOf }];
  }
  return items.flatMap((item, i) =>
    isJsonObject(item) ? [{ file, index, value: item, lineOf: (path) => lineOf(`items[${i}].${path}`) }] : [],
  );
}
