/** One line of the way from one text to another. */
export interface LineEdit {
  kind: 'same' | 'removed' | 'added';
  line: string;
}

/** Beyond this many edits, what differs is shown as one block: nobody reads it line by line, and time grows squared. */
const MOST_EDITS = 2_000;

/** The shortest way from one list of lines to another, by Myers' algorithm; removals come before additions. */
export function computeLineDiff(before: readonly string[], after: readonly string[]): LineEdit[] {
  const shared = Math.min(before.length, after.length);
  let head = 0;
  while (head < shared && before[head] === after[head]) head += 1;
  let tail = 0;
  while (tail < shared - head && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
  const middle = { before: before.slice(head, before.length - tail), after: after.slice(head, after.length - tail) };
  return [
    ...marked('same', before.slice(0, head)),
    ...inBlocks(computeEdits(middle.before, middle.after)),
    ...marked('same', before.slice(before.length - tail)),
  ];
}

function marked(kind: LineEdit['kind'], lines: readonly string[]): LineEdit[] {
  return lines.map((line) => ({ kind, line }));
}

function computeEdits(before: readonly string[], after: readonly string[]): LineEdit[] {
  const trace = findShortestTrace(before, after);
  return trace ? followBack(before, after, trace) : [...marked('removed', before), ...marked('added', after)];
}

/** `trace[d]` holds, for each diagonal k at index k + d, how far down the old text d edits reach. */
function findShortestTrace(before: readonly string[], after: readonly string[]): Int32Array[] | undefined {
  const trace: Int32Array[] = [];
  const most = Math.min(before.length + after.length, MOST_EDITS);
  for (let edits = 0; edits <= most; edits += 1) {
    const reach = new Int32Array(2 * edits + 1);
    trace.push(reach);
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      let x = startOf(trace, edits, diagonal).x;
      while (x < before.length && x - diagonal < after.length && before[x] === after[x - diagonal]) x += 1;
      reach[diagonal + edits] = x;
      if (x >= before.length && x - diagonal >= after.length) return trace;
    }
  }
  return undefined;
}

/** Where the last of the edits leads on this diagonal, and whether it added a line of the new text. */
function startOf(trace: readonly Int32Array[], edits: number, diagonal: number): { x: number; added: boolean } {
  if (edits === 0) return { x: 0, added: false };
  const previous = trace[edits - 1] ?? new Int32Array();
  const at = (k: number): number => previous[k + edits - 1] ?? -1;
  const added = diagonal === -edits || (diagonal !== edits && at(diagonal - 1) < at(diagonal + 1));
  return { x: added ? at(diagonal + 1) : at(diagonal - 1) + 1, added };
}

function followBack(before: readonly string[], after: readonly string[], trace: readonly Int32Array[]): LineEdit[] {
  const edits: LineEdit[] = [];
  let x = before.length;
  let diagonal = before.length - after.length;
  for (let left = trace.length - 1; left >= 0; left -= 1) {
    const start = startOf(trace, left, diagonal);
    for (; x > start.x; x -= 1) edits.push({ kind: 'same', line: before[x - 1] ?? '' });
    if (left === 0) break;
    if (start.added) edits.push({ kind: 'added', line: after[x - diagonal - 1] ?? '' });
    else edits.push({ kind: 'removed', line: before[x - 1] ?? '' });
    x = start.added ? x : x - 1;
    diagonal += start.added ? 1 : -1;
  }
  return edits.reverse();
}

/** Between two equal lines, first all that goes, then all that comes. */
function inBlocks(edits: readonly LineEdit[]): LineEdit[] {
  const result: LineEdit[] = [];
  const added: LineEdit[] = [];
  for (const edit of edits) {
    if (edit.kind === 'same') result.push(...added.splice(0), edit);
    else if (edit.kind === 'added') added.push(edit);
    else result.push(edit);
  }
  return [...result, ...added];
}
