import { isAlias, isMap, isScalar, isSeq, LineCounter, parseAllDocuments, type Document, type Node } from 'yaml';
import { readDocumentValue, type DocumentValue } from '../../core/values/yaml-document.ts';
import { KUBERNETES_YAML } from '../../core/values/yaml-input.ts';

/** One document of a text: what it holds, and where. */
export interface YamlDocument {
  /** Place in the text, from 0. */
  index: number;
  read: DocumentValue;
  /** From the end of the document before to its own end, with its marker and comments. */
  source: string;
  /** The line of a field such as `spec.hosts[0]`, or of what is nearest above it; from 1. */
  lineOf: (path: string) => number;
}

/** One that can be edited. */
export interface ParsedDocument extends YamlDocument {
  document: Document.Parsed;
}

/** Reads YAML and JSON as Kubernetes' tools do, with places and as it is written. */
export function parseYamlDocuments(text: string): ParsedDocument[] {
  const lines = new LineCounter();
  let end = 0;
  return [...parseAllDocuments(text, { ...KUBERNETES_YAML, lineCounter: lines })].map((document, index) => {
    const source = text.slice(end, document.range[2]);
    end = document.range[2];
    const lineOf = (path: string): number => lineAt({ document, lines }, pathParts(path));
    return { index, document, read: readDocumentValue(document), source, lineOf };
  });
}

/** `a.b[0].c[x.y]` as `a`, `b`, `0`, `c`, `x.y`. */
function pathParts(path: string): string[] {
  return [...path.matchAll(/\[([^\]]*)\]|[^.[\]]+/g)].map((match) => match[1] ?? match[0]);
}

function lineAt({ document, lines }: { document: Document; lines: LineCounter }, parts: readonly string[]): number {
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
