import { InputError } from './input-error.ts';
import type { Io } from './io.ts';

/** Goes on with a yes, of --yes or of whoever is asked. @throws InputError for a no, and where nobody can be asked */
export async function confirm(io: Io, hasYes: boolean, question: string): Promise<void> {
  if (hasYes) return;
  if (!io.ask) throw new InputError('nothing was changed: there is no terminal to ask on; --yes does it');
  const answer = await io.ask(`${question} [y/N] `);
  if (!/^y(es)?$/i.test(answer.trim())) throw new InputError('nothing was changed');
}
