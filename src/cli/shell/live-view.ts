import { setTimeout as pause } from 'node:timers/promises';
import type { Io } from './io.ts';

/** Back to the first line; what stands below the new text goes. */
const HOME = '\u001b[H';
const CLEAR_BELOW = '\u001b[J';
export const CLEAR_REST_OF_LINE = '\u001b[K';

/** What is shown again and again. */
export interface LiveView<Seen> {
  ms: number;
  look: () => Promise<Seen>;
  toText: (seen: Seen) => string;
  /** Whether nothing more will change. */
  isLast: (seen: Seen) => boolean;
}

/**
 * Looks until the last, or Ctrl-C. On a terminal each look takes the place of the one before; elsewhere only what is new
 * is printed.
 * @returns what was seen last
 */
export async function showLive<Seen>(io: Io, { ms, look, toText, isLast }: LiveView<Seen>): Promise<Seen> {
  let told = '';
  if (io.isTerminal) io.out(`${HOME}${CLEAR_BELOW}`);
  for (;;) {
    const seen = await look();
    const text = toText(seen);
    const lines = text.replaceAll('\n', `${CLEAR_REST_OF_LINE}\n`);
    if (io.isTerminal) io.out(`${HOME}${lines}${CLEAR_BELOW}`);
    else if (withoutTime(text) !== told) io.out(`${text}\n`);
    if (isLast(seen)) return seen;
    told = withoutTime(text);
    await pause(ms);
  }
}

/** Ages grow by themselves. */
function withoutTime(text: string): string {
  return text.replaceAll(/\d+[smhd]\b|\d{4}-\d\d-\d\dT[\d:.]+Z/g, '');
}
