import type { Io } from './io.ts';
import type { FlagsOf, OptionTable } from './option.ts';

/** An argument that is no option. */
export interface Operand {
  /** As the help writes it: `POD`. */
  name: string;
  about: string;
  /** Takes all that follow too. */
  many?: boolean;
  /** The words that it takes; anything unless told. */
  choices?: readonly string[];
}

/** What is said of a command, as data: the help, the reference and the completion of shells are made from it. */
export interface CommandWords {
  /** The words that choose it: `['manifest', 'diff']`. */
  words: readonly string[];
  /** In a list of commands; no full sentence. */
  summary: string;
  /** In its own help: paragraphs with an empty line between them. */
  about: string;
  /** What may follow the words, one line for each form. */
  forms: readonly string[];
  /** None of them is required: where one must be there, the command says when. */
  operands: readonly Operand[];
  /** A command line and what it does. */
  examples: readonly (readonly [line: string, about: string])[];
  exitCodes: Readonly<Record<number, string>>;
  /** The exit code for an input that cannot be used. */
  badInput: number;
  /** Variables of the environment that it reads. */
  environment?: Readonly<Record<string, string>>;
  /** What `-o json` and `-o yaml` print: the fields by their paths. */
  json?: Readonly<Record<string, string>>;
  /** Left out of lists: asked by shells, not by people. */
  isHidden?: boolean;
}

/** What a command line gives to its command. */
export interface Call<Options> {
  flags: FlagsOf<Options>;
  operands: readonly string[];
}

/** Does the work; the result is the exit code. @throws UsageError, InputError */
export type Runner<Options> = (call: Call<Options>, io: Io) => number | Promise<number>;

/** A command that the shell can run. */
export interface Command extends CommandWords {
  options: OptionTable;
  /** Loads the command and runs it. */
  run: (call: { flags: Readonly<Record<string, unknown>>; operands: readonly string[] }, io: Io) => Promise<number>;
}

/**
 * A command is loaded when it runs: what renders must not wait for the client of the API server. So this file's
 * importers hold data only.
 */
export function defineCommand<Options extends OptionTable>(
  command: CommandWords & { options: Options; load: () => Promise<Runner<Options>> },
): Command {
  const { load, ...words } = command;
  return {
    ...words,
    run: async ({ flags, operands }, io) => {
      const runner = await load();
      return runner({ flags: flags as FlagsOf<Options>, operands }, io);
    },
  };
}

/** What every option is before one is given. */
export function initialFlags({ options }: Command): Record<string, unknown> {
  return Object.fromEntries(Object.entries(options).map(([name, { initial }]) => [name, initial]));
}

/** What the whole is called and says of itself. */
export interface Whole {
  name: string;
  about: string;
  version: string;
  /** What the first of two words stands for: `manifest`. */
  groups: Readonly<Record<string, string>>;
  commands: readonly Command[];
}

/** What a command line asks for. */
export type Parsed =
  | { command: Command; flags: Readonly<Record<string, unknown>>; operands: readonly string[] }
  /** Help, or the version. */
  | { text: string; exitCode: number };
