import { Argument, Command as Program, CommanderError, Option } from 'commander';
import { initialFlags, type Command, type Parsed, type Whole } from './command.ts';
import { commandsBelow, findGroup } from './find-command.ts';
import { flagOf, pickWord } from './option.ts';
import { UsageError } from './usage-error.ts';

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
  if (command) describeCommand(program, command);
  else describeGroup(program, whole, words);
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
