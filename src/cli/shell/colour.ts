import type { Io } from './io.ts';
import { choiceOption } from './option.ts';

/** Of commands that tell differences. */
export const COLOR = choiceOption({
  value: 'WHEN',
  about: 'auto: on a terminal, unless NO_COLOR is set',
  choices: ['always', 'never', 'auto'],
  standard: 'auto',
});

/** Whether to colour what is printed. */
export function isColoured(color: 'always' | 'never' | 'auto', { env, isTerminal }: Io): boolean {
  return color === 'auto' ? isTerminal && !env['NO_COLOR'] && env['TERM'] !== 'dumb' : color === 'always';
}
