import { UsageError } from './usage-error.ts';

/** One option of a command. */
export interface Option<Value> {
  /** One letter. */
  short?: string;
  /** What stands for its value in help, such as `PORT`; a switch has none. */
  value?: string;
  about: string;
  /** The words that it takes; anything unless told. */
  choices?: readonly string[];
  /** As the help tells it; undefined when there is no default. */
  standard?: string;
  /** What it is when it is not given. */
  initial: Value;
  /** The value with one more occurrence. @throws UsageError */
  parse(this: void, text: string, before: Value, flag: string): Value;
}

/** Options by their names in code: `meshConfig` is written `--mesh-config`. */
export type OptionTable = Readonly<Record<string, Option<unknown>>>;

/** What a command gets: a value for each option. */
export type FlagsOf<Options> = {
  readonly [Name in keyof Options]: Options[Name] extends Option<infer Value> ? Value : never;
};

interface Basics {
  short?: string;
  about: string;
}
type Valued = Basics & { value: string };

/** True when it is given; it takes no value. */
export function switchOption(basics: Basics): Option<boolean> {
  return { ...basics, initial: false, parse: () => true };
}

/** A text, or undefined where there is no default. */
export function textOption(option: Valued & { standard: string }): Option<string>;
export function textOption(option: Valued): Option<string | undefined>;
export function textOption(option: Valued & { standard?: string }): Option<string | undefined> {
  return { ...option, initial: option.standard, parse: (text) => text };
}

/** May be given several times. */
export function listOption(basics: Valued): Option<readonly string[]> {
  return { ...basics, initial: [], parse: (text, before) => [...before, text] };
}

/** Files, of which one can be standard input. */
export function filesOption(basics: Valued): Option<readonly string[]> {
  return {
    ...basics,
    initial: [],
    parse: (text, before, flag) => {
      if (text === '-' && before.includes('-')) throw new UsageError(`${flag} -: standard input can be read once only`);
      return [...before, text];
    },
  };
}

/** One of some words. */
export function choiceOption<const Word extends string>(
  choice: Valued & { choices: readonly Word[]; standard: NoInfer<Word> },
): Option<Word> {
  const { choices } = choice;
  return {
    ...choice,
    initial: choice.standard,
    parse: (text, _before, flag) => pickWord(choices, text, flag),
  };
}

/** How an option is written: `--mesh-config`. */
export function flagOf(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** The word that a text is. @throws UsageError */
export function pickWord<Word extends string>(words: readonly Word[], text: string, what: string): Word {
  const word = words.find((known) => known === text);
  if (word !== undefined) return word;
  throw new UsageError(`${what} takes ${listWords(words)}, not "${text}"`);
}

function listWords(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}
