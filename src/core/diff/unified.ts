import { computeLineDiff, type LineEdit } from './line-diff.ts';
import { computeYamlPaths } from './yaml-paths.ts';

/** One line of a unified diff, still without colour. */
export interface UnifiedLine {
  kind: 'hunk' | LineEdit['kind'];
  text: string;
}

const CONTEXT = 3;

interface Numbered extends LineEdit {
  /** How many lines of either text stand before this one. */
  beforeAt: number;
  afterAt: number;
}

/** The hunks of a unified diff of two YAML texts; each says in which field it lies. Empty when the texts are equal. */
export function computeUnifiedDiff(before: string, after: string): UnifiedLine[] {
  const [old, wanted] = [linesOf(before), linesOf(after)];
  const edits = numbered(computeLineDiff(old, wanted));
  const [oldPaths, wantedPaths] = [computeYamlPaths(old), computeYamlPaths(wanted)];
  return computeHunks(edits).flatMap(([start, end]) => {
    const hunk = edits.slice(start, end);
    const first = hunk.find(({ kind }) => kind !== 'same');
    const path = first?.kind === 'removed' ? oldPaths[first.beforeAt] : wantedPaths[first?.afterAt ?? 0];
    return [{ kind: 'hunk', text: hunkHeader(hunk, path ?? '') }, ...hunk.map(toLine)];
  });
}

function linesOf(text: string): string[] {
  return text === '' ? [] : text.replace(/\n$/, '').split('\n');
}

function numbered(edits: readonly LineEdit[]): Numbered[] {
  let beforeAt = 0;
  let afterAt = 0;
  return edits.map((edit) => {
    const at = { ...edit, beforeAt, afterAt };
    if (edit.kind !== 'added') beforeAt += 1;
    if (edit.kind !== 'removed') afterAt += 1;
    return at;
  });
}

/** Ranges of edits: changes that are close share one. */
function computeHunks(edits: readonly Numbered[]): [start: number, end: number][] {
  const hunks: [number, number][] = [];
  edits.forEach(({ kind }, index) => {
    if (kind === 'same') return;
    const [start, end] = [Math.max(0, index - CONTEXT), Math.min(edits.length, index + 1 + CONTEXT)];
    const last = hunks.at(-1);
    if (last && start <= last[1]) last[1] = end;
    else hunks.push([start, end]);
  });
  return hunks;
}

function hunkHeader(hunk: readonly Numbered[], path: string): string {
  const [first] = hunk;
  const old = hunk.filter(({ kind }) => kind !== 'added').length;
  const wanted = hunk.filter(({ kind }) => kind !== 'removed').length;
  const range = (at: number, count: number): string => `${count === 0 ? at : at + 1}${count === 1 ? '' : `,${count}`}`;
  const header = `@@ -${range(first?.beforeAt ?? 0, old)} +${range(first?.afterAt ?? 0, wanted)} @@`;
  return path === '' ? header : `${header} ${path}`;
}

const MARKS = { same: ' ', removed: '-', added: '+' } as const;

function toLine({ kind, line }: LineEdit): UnifiedLine {
  return { kind, text: `${MARKS[kind]}${line}` };
}
