import { initialFlags, type Command, type Parsed } from './command.ts';
import { flagOf } from './option.ts';

/** One option as it is written, with its value, and how many of the words it takes. */
interface Given {
  name: string;
  text: string;
  taken: number;
}

/**
 * Reads what follows the words of a command, where nothing is wrong or special with it; undefined for all else, such as
 * `--help`, an option that there is not or a value that is missing: that is for the library to read or to refuse.
 * @throws UsageError for a value that an option does not take
 */
export function parsePlainly(command: Command, args: readonly string[]): Parsed | undefined {
  const flags = initialFlags(command);
  const operands: string[] = [];
  for (let i = 0; i < args.length;) {
    const arg = args[i] ?? '';
    if (arg === '--') {
      operands.push(...args.slice(i + 1));
      break;
    }
    const given = readOption(command, arg, args[i + 1]);
    if (given)
      flags[given.name] = command.options[given.name]?.parse(given.text, flags[given.name], flagOf(given.name));
    else if (arg === '-' || !arg.startsWith('-')) operands.push(arg);
    else return undefined;
    i += given?.taken ?? 1;
  }
  return areExpected(operands, command) ? { command, flags, operands } : undefined;
}

function readOption({ options }: Command, arg: string, next = ''): Given | undefined {
  for (const [name, { short, value }] of Object.entries(options)) {
    const letter = short === undefined ? undefined : `-${short}`;
    if (arg === flagOf(name) || arg === letter) {
      if (value === undefined) return { name, text: '', taken: 1 };
      return isPlainValue(next) ? { name, text: next, taken: 2 } : undefined;
    }
    const joined =
      value === undefined ? undefined : [`${flagOf(name)}=`, letter].find((flag) => flag && arg.startsWith(flag));
    if (joined !== undefined) return { name, text: arg.slice(joined.length), taken: 1 };
  }
  return undefined;
}

/** What looks like another option may stand where a value was forgotten. */
function isPlainValue(text: string): boolean {
  return text === '-' || (text !== '' && !text.startsWith('-'));
}

function areExpected(given: readonly string[], { operands }: Command): boolean {
  const isManyAtEnd = operands.at(-1)?.many === true;
  if (given.length > operands.length && !isManyAtEnd) return false;
  return given.every((word, i) => (operands[i] ?? operands.at(-1))?.choices?.includes(word) ?? true);
}
