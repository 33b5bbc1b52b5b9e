import type { Command } from '../shell/command.ts';
import { flagOf, type OptionTable } from '../shell/option.ts';
import { commandsBelow, findCommand } from '../shell/find-command.ts';

/** What the last of the words can become; nothing where it is a file or a name that only the user knows. */
export function findCandidates(commands: readonly Command[], words: readonly string[]): string[] {
  const [before, last = ''] = [words.slice(0, -1), words.at(-1)];
  const candidates = candidatesFor(commands, before, last);
  return [...new Set(candidates)].filter((candidate) => candidate.startsWith(last)).sort();
}

function candidatesFor(commands: readonly Command[], before: readonly string[], last: string): string[] {
  const command = findCommand(commands, before);
  if (!command) return nextWords(commands, before);
  const { options, operands } = command;
  const [flag, value] = last.split('=', 2);
  if (value !== undefined && flag?.startsWith('--')) {
    return (optionNamed(options, flag)?.choices ?? []).map((choice) => `${flag}=${choice}`);
  }
  const option = optionNamed(options, before.at(-1) ?? '');
  if (option?.value !== undefined) return [...(option.choices ?? [])];
  if (last.startsWith('-')) return flagsOf(options);
  return operands.flatMap(({ choices = [] }) => choices);
}

function nextWords(commands: readonly Command[], before: readonly string[]): string[] {
  if (before[0] === 'help') return nextWords(commands, before.slice(1));
  return commandsBelow(commands, before).flatMap(({ words }) => words[before.length] ?? []);
}

function optionNamed(options: OptionTable, written: string): OptionTable[string] | undefined {
  const found = Object.entries(options).find(
    ([name, { short }]) => flagOf(name) === written || (short !== undefined && `-${short}` === written),
  );
  return found?.[1];
}

function flagsOf(options: OptionTable): string[] {
  return ['--help', ...Object.keys(options).map(flagOf)];
}
