import type { JSX } from 'preact';

/** How good something is; told by a sign and a word as well as by a colour. */
export type Tone = 'good' | 'warn' | 'bad' | 'plain';

const SIGNS: Record<Tone, string> = { good: '✓', warn: '!', bad: '✕', plain: '·' };

/** A word about a state. */
export function Mark({ tone, children }: { tone: Tone; children: string }): JSX.Element {
  return (
    <span class={`mark ${tone}`}>
      <span aria-hidden="true">{SIGNS[tone]}</span> {children}
    </span>
  );
}
