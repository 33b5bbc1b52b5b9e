import { nearest } from '../../api/near-miss.ts';
import type { Command } from './command.ts';
import { UsageError } from './usage-error.ts';

/** The command whose words a command line begins with. */
export function findCommand(commands: readonly Command[], args: readonly string[]): Command | undefined {
  return commands.find(({ words }) => words.every((word, i) => args[i] === word));
}

/** The commands that begin with these words, but for those that only shells ask for. */
export function commandsBelow(commands: readonly Command[], before: readonly string[]): Command[] {
  return commands.filter(({ words, isHidden }) => !isHidden && before.every((word, i) => words[i] === word));
}

/** The words that stand for no command but for several, such as `manifest`. @throws UsageError for words that are none */
export function findGroup(commands: readonly Command[], args: readonly string[]): string[] {
  const firstOption = args.findIndex((arg) => arg.startsWith('-'));
  const given = args.slice(0, firstOption < 0 ? args.length : firstOption);
  const wrong = given.findIndex((_, i) => commandsBelow(commands, given.slice(0, i + 1)).length === 0);
  if (wrong < 0) return given;
  const text = given.slice(0, wrong + 1).join(' ');
  const known = commandsBelow(commands, []).map(({ words }) => words.slice(0, wrong + 1).join(' '));
  const meant = nearest(text, known);
  throw new UsageError(`there is no command "${text}"${meant === undefined ? '' : `: did you mean "${meant}"?`}`);
}
