import { boundText } from '../status/bound-text.ts';
import { toDiffText, type DiffStyle } from './diff-text.ts';
import type { ObjectDiff } from './object-diff.ts';

/** A plan for people. */
export interface PlanText {
  /** `3 to create, 1 to change, 1 to remove`. */
  summary: string;
  /** Each object with its difference, as `diff -u` writes it. */
  text: string;
}

const STYLE: Omit<DiffStyle, 'whole'> = {
  before: 'live',
  after: 'planned',
  words: { create: 'to create:', change: 'to change:', recreate: 'to make anew:', prune: 'to remove:' },
  colour: false,
};
const WORDS = { create: 'to create', change: 'to change', recreate: 'to make anew', prune: 'to remove' } as const;
/** Leaves room for the rest of a ConfigMap, which holds 1 MiB. */
const MAX_TEXT = 700_000;

/** The plan as text. New definitions are named only: each is longer than all the rest. */
export function describePlan(differences: readonly ObjectDiff[], problems: readonly string[]): PlanText {
  const counts = Object.entries(WORDS).flatMap(([change, words]) => {
    const count = differences.filter((difference) => difference.change === change).length;
    return count === 0 ? [] : [`${count} ${words}`];
  });
  const sections = differences.map((difference) => {
    const whole = difference.change === 'create' && difference.ref.kind !== 'CustomResourceDefinition';
    return toDiffText([difference], { ...STYLE, whole });
  });
  const told = problems.map((problem) => `could not be tried: ${problem}\n`);
  const summary = counts.length === 0 ? 'nothing that can be seen' : counts.join(', ');
  return { summary, text: boundText([...told, ...sections].join(''), MAX_TEXT) };
}
