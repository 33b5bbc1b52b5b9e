import type { Document } from 'yaml';

/** Something that keeps a document from being read. */
export interface DocumentFault {
  /** In the text, from 1. */
  line: number;
  message: string;
}

/** What a document holds, or why it cannot be read. */
export type DocumentValue = { ok: true; value: unknown } | { ok: false; faults: DocumentFault[] };

/** As the parser says when its own recursion ends. */
const TOO_DEEP = 'Maximum call stack size exceeded';
/** How many nodes aliases may stand for, in proportion to those that are written. */
const MAX_ALIASES = 100;

/** Reads the value of a parsed document: aliases that stand for too much, or for themselves, are faults like any other. */
export function readDocumentValue(document: Document.Parsed): DocumentValue {
  if (document.errors.length > 0) {
    const faults = document.errors.map(({ linePos, message }) => faultAt(linePos?.[0].line ?? 1, message));
    return { ok: false, faults };
  }
  let hasAnchors = false;
  try {
    const value: unknown = document.toJS({ maxAliasCount: MAX_ALIASES, onAnchor: () => void (hasAnchors = true) });
    if (!hasAnchors || !isCyclic(value)) return { ok: true, value };
    return refuse('an alias stands for a part that it is in itself: write the part out');
  } catch (error) {
    if (error instanceof ReferenceError) return refuse('aliases (*name) stand for too many nodes: write them out');
    // Too deep, or a merge key that merges no map.
    if (error instanceof Error) return { ok: false, faults: [faultAt(1, error.message)] };
    throw error;
  }
}

function refuse(message: string): DocumentValue {
  return { ok: false, faults: [{ line: 1, message }] };
}

function faultAt(line: number, text: string): DocumentFault {
  const first = (text.split('\n')[0] ?? text).replace(/ at line \d+, column \d+:?$/, '');
  return { line, message: first === TOO_DEEP ? 'is nested too deeply to be read' : first };
}

function isCyclic(value: unknown, above: ReadonlySet<unknown> = new Set()): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (above.has(value)) return true;
  const path = new Set(above).add(value);
  return Object.values(value).some((part) => isCyclic(part, path));
}
