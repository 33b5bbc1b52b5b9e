import type { Parsed, Whole } from './command.ts';
import { findCommand } from './find-command.ts';
import { parsePlainly } from './parse-plainly.ts';
import { UsageError } from './usage-error.ts';

/** Reads the words after the program's name; help is as wide as told. @throws UsageError */
export async function parseCommandLine(whole: Whole, args: readonly string[], width: number): Promise<Parsed> {
  const words = fromHelp(args);
  const command = findCommand(whole.commands, words);
  const plain = command && parsePlainly(command, words.slice(command.words.length));
  if (plain) return checked(plain);
  // It takes a third of the start of `sailwright version`.
  const { parseWithLibrary } = await import('./parse-with-library.ts');
  return checked(parseWithLibrary({ whole, command, words }, width));
}

function checked(parsed: Parsed): Parsed {
  const { namespace, allNamespaces } = ('flags' in parsed ? parsed.flags : {}) as Record<string, unknown>;
  if (allNamespaces === true && namespace !== undefined) throw new UsageError('give -n or -A, not both');
  return parsed;
}

/** `help manifest diff` is `manifest diff --help`. */
function fromHelp(args: readonly string[]): string[] {
  const [first, ...rest] = args;
  return first === 'help' ? [...rest, '--help'] : [...args];
}
