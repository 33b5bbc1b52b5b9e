import type { Parsed, Whole } from './command.ts';
import { findCommand } from './find-command.ts';
import { parsePlainly } from './parse-plainly.ts';

/** Reads the words after the program's name; help is as wide as told. @throws UsageError */
export async function parseCommandLine(whole: Whole, args: readonly string[], width: number): Promise<Parsed> {
  const words = fromHelp(args);
  const command = findCommand(whole.commands, words);
  const plain = command && parsePlainly(command, words.slice(command.words.length));
  if (plain) return plain;
  // It takes a third of the start of `sailwright version`.
  const { parseWithLibrary } = await import('./parse-with-library.ts');
  return parseWithLibrary({ whole, command, words }, width);
}

/** `help manifest diff` is `manifest diff --help`. */
function fromHelp(args: readonly string[]): string[] {
  const [first, ...rest] = args;
  return first === 'help' ? [...rest, '--help'] : [...args];
}
