import { splitMarkdown, type Block, type Fail, type Marker, type MarkerName } from './split-markdown.ts';

/**
 * What of a guide is run. Blocks of Markdown run in their order; what readers need not see stands in HTML comments:
 *
 * - `<!-- not run: why -->` before a block, or `<!-- no block is run: why -->` for a whole guide
 * - `<!-- run`, lines of shell and `-->`: a step of its own, such as what has to be there, or what must have come about
 * - `<!-- with: command -->` before a block of YAML that is only a part: the command gets it by $BLOCK, a file
 * - `<!-- as: name.yaml -->` before a block: it becomes a file of this name
 * - `<!-- sample: path -->` before a block of YAML: it is this file
 * - `<!-- refused: text -->` before a block: its last command fails and says so
 * - `<!-- warned: text -->` before a block of YAML: it is taken with this warning, and not, as others, without any
 * - `<!-- cluster: own -->`: the guide takes down what others stand on
 *
 * A block of output without a command is what the step before it printed.
 */
export interface Guide {
  /** Path below the root of the project. */
  readonly path: string;
  readonly ownCluster: boolean;
  readonly steps: readonly Step[];
}

/** A block, or lines of a comment. */
export interface Step {
  /** Line of the guide, from 1. */
  readonly line: number;
  readonly action: Action;
  /** What a reader does not see: no block. */
  readonly hidden: boolean;
  /** Path of the sample that the block shows. */
  readonly sample?: string;
}

/** What is done with a step. */
export type Action =
  | ({ readonly kind: 'shell'; readonly script: string } & Expected)
  | { readonly kind: 'session'; readonly entries: readonly SessionEntry[] }
  | ({ readonly kind: 'hand'; readonly text: string; readonly command: string } & Expected)
  | { readonly kind: 'save'; readonly text: string; readonly name: string }
  | { readonly kind: 'output'; readonly text: string }
  | { readonly kind: 'none'; readonly why: string };

/** What a command says beside its output: why it fails, or what it warns of. */
export interface Expected {
  readonly refusal?: string;
  readonly warning?: string;
}

/** A command of a terminal session, and what it prints. */
export interface SessionEntry {
  readonly command: string;
  readonly output: string;
}

/** A guide that cannot be run, with the line. */
export class GuideError extends Error {
  override readonly name = 'GuideError';
}

/** Whoever wrote the object before: the guide's reader is somebody else than the one before. */
const APPLY = 'kubectl apply --server-side --force-conflicts -f "$BLOCK"';

type Markers = Readonly<Partial<Record<MarkerName, string>>>;

/**
 * Reads a guide.
 *
 * @throws GuideError for a marker that is not known or stands before nothing, and for a block that nothing is done with.
 */
export function readGuide(path: string, markdown: string): Guide {
  const fail: Fail = (line, why) => {
    throw new GuideError(`${path}:${line}: ${why}`);
  };
  const steps: Step[] = [];
  const parts = splitMarkdown(markdown, fail);
  const whole = parts.find((part) => isMarker(part, 'no block is run')) as Marker | undefined;
  let pending: Marker[] = [];
  for (const part of parts) {
    if ('language' in part) {
      steps.push(readBlock(part, whole === undefined ? pending : [{ ...whole, name: 'not run' }], fail));
      pending = [];
    } else if (part.name === 'run') {
      steps.push({ line: part.line, hidden: true, action: { kind: 'shell', script: part.value } });
    } else if (!OF_THE_GUIDE.has(part.name)) pending.push(part);
  }
  if (pending[0] !== undefined) fail(pending[0].line, 'no block comes after this');
  return { path, ownCluster: parts.some((part) => isMarker(part, 'cluster')), steps };
}

/** Markers that are about no block. */
const OF_THE_GUIDE: ReadonlySet<string> = new Set<MarkerName>(['no block is run', 'cluster']);

function isMarker(part: Block | Marker, name: MarkerName): boolean {
  return 'name' in part && part.name === name;
}

function readBlock(block: Block, pending: readonly Marker[], fail: Fail): Step {
  const markers: Markers = Object.fromEntries(pending.map(({ name, value }) => [name, value]));
  const sample = markers.sample === undefined ? {} : { sample: markers.sample };
  return { line: block.line, hidden: false, ...sample, action: decideAction(block, markers, fail) };
}

function decideAction({ line, language, text }: Block, markers: Markers, fail: Fail): Action {
  if (markers['not run'] !== undefined) return { kind: 'none', why: markers['not run'] };
  if (markers.as !== undefined) return { kind: 'save', name: markers.as, text };
  const expected = {
    ...(markers.refused !== undefined && { refusal: markers.refused }),
    ...(markers.warned !== undefined && { warning: markers.warned }),
  };
  if (markers.with !== undefined) return { kind: 'hand', command: markers.with, text, ...expected };
  if (language === 'sh') return { kind: 'shell', script: text, ...expected };
  if (language === 'console' && text.startsWith('$ ')) return { kind: 'session', entries: readSession(text) };
  if (['console', 'text', ''].includes(language)) return { kind: 'output', text };
  if (language === 'yaml' && isWhole(text)) return { kind: 'hand', command: APPLY, text, ...expected };
  return fail(
    line,
    'this block is not run and does not say why: put <!-- not run: why --> or <!-- with: --> before it',
  );
}

/** Whether the API server could take each document. */
function isWhole(yaml: string): boolean {
  return yaml.split(/^---$/m).every((document) => /^apiVersion:/m.test(document) && /^kind:/m.test(document));
}

/** Commands of a terminal begin with `$ `, and may go on after a backslash; what comes then is what they print. */
function readSession(text: string): SessionEntry[] {
  return text
    .split(/^\$ /m)
    .slice(1)
    .map((entry) => {
      const [, command = '', output = ''] = /^((?:.*\\\n)*.*)\n?([^]*)$/.exec(entry) ?? [];
      return { command, output };
    });
}
