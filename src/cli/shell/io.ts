import { openStandardOutput } from './standard-output.ts';

/** Where a command writes, and what it knows of its surroundings. */
export interface Io {
  /** What was asked for. */
  out: (text: string) => void;
  /** What there is to say beside it. */
  err: (text: string) => void;
  env: Readonly<Record<string, string | undefined>>;
  /** Whether `out` is a screen that somebody looks at. */
  isTerminal: boolean;
  /** How many characters a line has. */
  columns: number;
  /** Puts a question to somebody, and resolves with what he typed; undefined where nobody is there to answer. */
  ask?: ((question: string) => Promise<string>) | undefined;
}

/** Lines that are longer are hard to read, and files have no width. */
const MAX_COLUMNS = 110;

/** Those of this process. */
export function processIo(): Io {
  const { write, isTerminal, columns } = openStandardOutput();
  return {
    out: write,
    err: (text) => void process.stderr.write(text),
    env: process.env,
    isTerminal,
    columns: Math.min(columns || MAX_COLUMNS, MAX_COLUMNS),
    // To look at standard input takes a tenth of the time of a short command.
    get ask() {
      return process.stdin.isTTY ? askOnTerminal : undefined;
    },
  };
}

/** On standard error: the output of a command may go into a file. */
async function askOnTerminal(question: string): Promise<string> {
  const { createInterface } = await import('node:readline/promises');
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await lines.question(question);
  } finally {
    lines.close();
  }
}

/** What there is to say of the input of a command. */
export interface Report {
  notes?: readonly string[];
  warnings?: readonly string[];
  problems?: readonly string[];
}

/** One line for each, and each once. */
export function report(io: Io, { notes = [], warnings = [], problems = [] }: Report): void {
  const lines = [
    ...notes.map((note) => `note: ${note}`),
    ...warnings.map((warning) => `warning: ${warning}`),
    ...problems,
  ];
  // To make the stream of standard error takes time, too.
  if (lines.length > 0) io.err([...new Set(lines)].map((line) => `${line.replaceAll('\n', ' ')}\n`).join(''));
}
