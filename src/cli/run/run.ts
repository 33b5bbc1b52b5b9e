import { createOperator } from '../../operator/create-operator.ts';
import { parseRunOptions, RUN_HELP } from './run-options.ts';
import { UsageError } from '../shell/usage-error.ts';

/** `sailwright run`: resolves with the exit code once the operator has stopped. */
export async function runOperatorCommand(args: readonly string[]): Promise<number> {
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(RUN_HELP);
    return 0;
  }
  try {
    return await createOperator(parseRunOptions(args, process.env)).lifecycle.run();
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`sailwright run: ${error.message}\n`);
    return 2;
  }
}
