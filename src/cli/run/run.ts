import { createOperator } from '../../operator/create-operator.ts';
import type { Call } from '../shell/command.ts';
import type { Io } from '../shell/io.ts';
import type { RUN_OPTIONS } from './options.ts';
import { operatorOptionsOf } from './operator-options.ts';

/** `sailwright run`: resolves with the exit code once the operator has stopped. */
export async function runOperator({ flags }: Call<typeof RUN_OPTIONS>, io: Io): Promise<number> {
  return createOperator(operatorOptionsOf(flags, io.env)).lifecycle.run();
}
