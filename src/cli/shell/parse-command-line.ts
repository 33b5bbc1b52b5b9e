import { Argument, Command as Program, CommanderError, Option } from 'commander';
import type { Command } from './command.ts';
import { commandsBelow, findCommand, findGroup } from './find-command.ts';
import { flagOf, pickWord } from './option.ts';
import { UsageError } from './usage-error.ts';

/** What a command line asks for. */
export type Parsed =
  | { command: Command; flags: Readonly<Record<string, unknown>>; operands: readonly string[] }
  /** Help, or the version. */
  | { text: string; exitCode: number };

/** What the whole is called and says of itself. */
export interface Whole {
  name: string;
  about: string;
  version: string;
  /** What the first of two words stands for: `manifest`. */
  groups: Readonly<Record<string, string>>;
  commands: readonly Command[];
}

/** Reads the words after the program's name; help is as wide as told. @throws UsageError */
export function parseCommandLine(whole: Whole, args: readonly string[], width: number): Parsed {
  const line = fromHelp(args);
  const command = findCommand(whole.commands, line);
  const words = command?.words ?? findGroup(whole.commands, line);
  const program = new Program([whole.name, ...words].join(' ')).helpOption('-h, --help', 'show this text');
  let text = '';
  const keep = (part: string): void => void (text += part);
  program.exitOverride().configureOutput({ writeOut: keep, writeErr: keep }).configureHelp({ helpWidth: width });
  if (command) describeCommand(program, command);
  else describeGroup(program, whole, words);
  try {
    // The library wants to be told what to do, and does nothing itself.
    program.action(() => undefined).parse(line.slice(words.length), { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return { text, exitCode: 0 };
    throw new UsageError(tidy(error.message));
  }
  if (command) return { command, flags: { ...initialFlags(command), ...program.opts() }, operands: program.args };
  program.outputHelp();
  return { text, exitCode: 2 };
}

/** `help manifest diff` is `manifest diff --help`. */
function fromHelp(args: readonly string[]): string[] {
  const [first, ...rest] = args;
  return first === 'help' ? [...rest, '--help'] : [...args];
}

function describeGroup(program: Program, whole: Whole, words: readonly string[]): void {
  const isWhole = words.length === 0;
  const commands = commandsBelow(whole.commands, words).map((each) => [each.words.join(' '), each.summary] as const);
  program.usage('COMMAND [options]').description(isWhole ? whole.about : (whole.groups[words.join(' ')] ?? ''));
  if (isWhole) program.version(whole.version, '--version', 'print the version');
  const advice = `"${whole.name} COMMAND --help" tells about one.`;
  program.addHelpText('after', `${section('Commands', table(commands))}\n${advice}`);
}

function describeCommand(program: Program, command: Command): void {
  const { about, forms, operands, options } = command;
  program
    .description(about)
    .usage(forms.join(`\n       ${program.name()} `))
    .addHelpText('after', afterHelp(command));
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

function initialFlags({ options }: Command): Record<string, unknown> {
  return Object.fromEntries(Object.entries(options).map(([name, { initial }]) => [name, initial]));
}

/** What the library's help has no place for. */
function afterHelp({ examples, exitCodes, environment = {} }: Command): string {
  const lines = examples.flatMap(([line, about]) => [`# ${about}`, line]);
  return [
    section('Examples', lines),
    section('Exit codes', table(Object.entries(exitCodes))),
    section('Environment', table(Object.entries(environment))),
  ]
    .join('')
    .trimEnd();
}

function section(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : `\n${title}:\n${lines.map((line) => `  ${line}\n`).join('')}`;
}

function table(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([first]) => first.length));
  return rows.map(([first, second]) => `${first.padEnd(width)}  ${second}`);
}

/** `unknown option '--foo': did you mean --for?`, in one line. */
function tidy(message: string): string {
  return message
    .replace(/^error: /, '')
    .replace(/\.$/, '')
    .replace(/\s*\n\s*/g, ' ')
    .replace(/ \(Did you mean (.*)\)$/, ': did you mean $1');
}
