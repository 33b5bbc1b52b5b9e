import type { JSX } from 'preact';

/** How good something is; told by a sign and a word as well as by a colour. */
export type Tone = 'good' | 'warn' | 'bad' | 'plain';

const SIGNS: Record<Tone, string> = { good: '✓', warn: '!', bad: '✕', plain: '·' };

/** Longer ones may be broken into lines. */
const MAX_WORD = 20;

/** A word about a state. */
export function Mark({ tone, children }: { tone: Tone; children: string }): JSX.Element {
  return (
    <span class={`mark ${tone}${children.length > MAX_WORD ? '' : ' word'}`}>
      <span aria-hidden="true">{SIGNS[tone]}</span> {children}
    </span>
  );
}
