import type { Call } from '../shell/command.ts';
import type { Io } from '../shell/io.ts';
import { UsageError } from '../shell/usage-error.ts';
import { SCRIPTS } from './scripts.ts';

/** `sailwright completion`: the exit code. */
export function runCompletion({ operands: [shell] }: Call<object>, io: Io): number {
  const script = SCRIPTS[shell ?? ''];
  if (script === undefined) throw new UsageError(`a shell is needed: ${Object.keys(SCRIPTS).join(', ')}`);
  io.out(script);
  return 0;
}
