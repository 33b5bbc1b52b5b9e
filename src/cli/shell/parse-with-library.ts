import { Argument, Command as Program, CommanderError, Option } from 'commander';
import { initialFlags, type Command, type Parsed, type Whole } from './command.ts';
import { commandsBelow, findGroup } from './find-command.ts';
import { flagOf, pickWord } from './option.ts';
import { UsageError } from './usage-error.ts';
import { wrapText } from './wrap-text.ts';

/** What there is to read. */
export interface Line {
  whole: Whole;
  /** The command that the line begins with; undefined where it begins with none. */
  command: Command | undefined;
  /** The words after the program's name. */
  words: readonly string[];
}

/** What a command line asks for, or the text of a help that is as wide as told. @throws UsageError */
export function parseWithLibrary({ whole, command, words: line }: Line, width: number): Parsed {
  const words = command?.words ?? findGroup(whole.commands, line);
  const program = new Program([whole.name, ...words].join(' ')).helpOption('-h, --help', 'show this text');
  let text = '';
  const keep = (part: string): void => void (text += part);
  program.exitOverride().configureOutput({ writeOut: keep, writeErr: keep }).configureHelp({ helpWidth: width });
  if (command) describeCommand(program, command, width);
  else describeGroup(program, whole, { words, width });
  try {
    // The library wants to be told what to do, and does nothing itself.
    program.action(() => undefined).parse(line.slice(words.length), { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return { text, exitCode: 0 };
    const message = tidy(error.message);
    if (error.code !== 'commander.excessArguments') throw new UsageError(message);
    throw new UsageError(`${message}: ${program.args.slice(command?.operands.length).join(' ')}`);
  }
  if (command) return { command, flags: { ...initialFlags(command), ...program.opts() }, operands: program.args };
  program.outputHelp();
  return { text, exitCode: 2 };
}

function describeGroup(
  program: Program,
  whole: Whole,
  { words, width }: { words: readonly string[]; width: number },
): void {
  const isWhole = words.length === 0;
  const commands = commandsBelow(whole.commands, words);
  const rows = isWhole ? listGroups(whole, commands) : commands.map(rowOf);
  program
    .usage('COMMAND [options]')
    .description(isWhole ? whole.about : asSentence(whole.groups[words.join(' ')] ?? ''));
  if (isWhole) program.version(whole.version, '--version', 'print the version');
  const advice = `"${whole.name} COMMAND --help" tells about one.`;
  program.addHelpText('after', `${section('Commands', table(rows, width))}\n${advice}`);
}

type Row = readonly [name: string, about: string];

const rowOf = ({ words, summary }: Command): Row => [words.join(' '), summary];

/** All commands that begin with the same word in one row: a screen holds the list. */
function listGroups({ groups }: Whole, commands: readonly Command[]): Row[] {
  return commands.flatMap((command): Row[] => {
    const [first = ''] = command.words;
    const alike = commandsBelow(commands, [first]);
    if (alike.length === 1) return [rowOf(command)];
    if (alike[0] !== command) return [];
    return [[first, `${groups[first] ?? ''}: ${alike.map(({ words }) => words.slice(1).join(' ')).join(', ')}`]];
  });
}

function asSentence(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`;
}

function describeCommand(program: Program, command: Command, width: number): void {
  const { about, forms, operands, options } = command;
  program
    .description(about)
    .usage(forms.join(`\n       ${program.name()} `))
    .addHelpText('after', afterHelp(command, width));
  for (const { name, about: meaning, many, choices } of operands) {
    const argument = new Argument(`[${name}${many ? '...' : ''}]`, meaning);
    if (choices) argument.choices(choices).argParser((text) => pickWord(choices, text, name));
    program.addArgument(argument);
  }
  for (const [name, option] of Object.entries(options)) program.addOption(optionOf(name, option));
}

type Described = Command['options'][string];

function optionOf(name: string, { short, value, about, choices, standard, initial, parse }: Described): Option {
  const flag = flagOf(name);
  const written = `${short === undefined ? '' : `-${short}, `}${flag}${value === undefined ? '' : ` <${value}>`}`;
  const option = new Option(written, about);
  if (choices) option.choices(choices);
  // A switch keeps the library's own reading, which refuses a value.
  if (value !== undefined) option.argParser<unknown>((text, before = initial) => parse(text, before, flag));
  return standard ? option.default(initial, standard) : option;
}

/** What the library's help has no place for. */
function afterHelp({ examples, exitCodes, environment = {} }: Command, width: number): string {
  const lines = examples.flatMap(([line, about]) => [`# ${about}`, line]);
  return [
    section('Examples', lines),
    section('Exit codes', table(Object.entries(exitCodes), width)),
    section('Environment', table(Object.entries(environment), width)),
  ]
    .join('')
    .trimEnd();
}

function section(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : `\n${title}:\n${lines.map((line) => `${MARGIN}${line}\n`).join('')}`;
}

const MARGIN = '  ';

function table(rows: readonly Row[], width: number): string[] {
  const indent = 2 + Math.max(...rows.map(([first]) => first.length));
  const left = width - MARGIN.length;
  return rows.flatMap(([first, second]) =>
    wrapText(`${first.padEnd(indent)}${second}`, left, ' '.repeat(indent)).split('\n'),
  );
}

/** `unknown option '--foo': did you mean --for?`, in one line. */
function tidy(message: string): string {
  return message
    .replace(/^error: /, '')
    .replace(/\.$/, '')
    .replace(/\s*\n\s*/g, ' ')
    .replace(/ \(Did you mean (.*)\)$/, ': did you mean $1');
}
