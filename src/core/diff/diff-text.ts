import { displayName, type KubeObject } from '../kube-object.ts';
import { toManifestText } from '../render/manifest-text.ts';
import type { ObjectDiff } from './object-diff.ts';
import { computeUnifiedDiff, type UnifiedLine } from './unified.ts';

/** How differences are told. */
export interface DiffStyle {
  /** What the two sides are called, such as `live` and the file's name. */
  before: string;
  after: string;
  /** What stands before the object's name. */
  words: Readonly<Record<ObjectDiff['change'], string>>;
  colour: boolean;
  /** Print the text of objects that only one side has, not just their names. */
  whole: boolean;
}

const COLOURS = { hunk: 36, removed: 31, added: 32, title: 1 } as const;

/** Differences as text: a title for each object, and unified hunks below those that both sides have. */
export function toDiffText(differences: readonly ObjectDiff[], style: DiffStyle): string {
  return differences.map((difference) => sectionText(difference, style)).join('');
}

function sectionText(difference: ObjectDiff, style: DiffStyle): string {
  const { change, ref } = difference;
  const title = painted('title', `${style.words[change]} ${displayName(ref)}`, style);
  if ((change === 'create' || change === 'prune') && !style.whole) return `${title}\n`;
  const before = change === 'create' ? '' : textOf(difference.before);
  const after = change === 'prune' ? '' : textOf(difference.after);
  const names = {
    before: change === 'create' ? '/dev/null' : style.before,
    after: change === 'prune' ? '/dev/null' : style.after,
  };
  return `${title}\n${toUnifiedText(before, after, { ...names, colour: style.colour })}`;
}

/** The difference of two YAML texts as a unified diff with its two lines of head. */
export function toUnifiedText(
  before: string,
  after: string,
  style: Pick<DiffStyle, 'before' | 'after' | 'colour'>,
): string {
  const lines = [
    painted('removed', `--- ${style.before}`, style),
    painted('added', `+++ ${style.after}`, style),
    ...computeUnifiedDiff(before, after).map(({ kind, text }) => (kind === 'same' ? text : painted(kind, text, style))),
  ];
  return `${lines.join('\n')}\n`;
}

function textOf(object: KubeObject): string {
  return toManifestText([object]);
}

function painted(
  kind: Exclude<UnifiedLine['kind'], 'same'> | 'title',
  text: string,
  { colour }: Pick<DiffStyle, 'colour'>,
): string {
  return colour ? `\u001b[${COLOURS[kind]}m${text}\u001b[0m` : text;
}
