import type { Command, Whole } from './command.ts';
import type { Io } from './io.ts';
import { findCommand } from './find-command.ts';
import { parseCommandLine } from './parse-command-line.ts';

/** Runs what a command line asks for; resolves with the exit code, whatever happens. */
export async function runCommandLine(whole: Whole, args: readonly string[], io: Io): Promise<number> {
  try {
    const parsed = await parseCommandLine(whole, args, io.columns);
    if ('command' in parsed) return await parsed.command.run(parsed, io);
    io.out(parsed.text);
    return parsed.exitCode;
  } catch (error) {
    return tellTrouble({ error, whole, command: findCommand(whole.commands, args) }, io);
  }
}

interface Trouble {
  error: unknown;
  whole: Whole;
  command: Command | undefined;
}

/** What may be wrong outside of this program, by the names of its errors: their classes are not all loaded. */
const EXPECTED = new Set(['UsageError', 'InputError', 'KubeConfigError', 'ApiError', 'PageError']);

/** What, where and what to do, in one line; only faults of ours come with a stack, on demand. */
function tellTrouble({ error, whole, command }: Trouble, io: Io): number {
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
  const line = lineOf({ name, message: `${message}${adviceFor(error)}`, whole, command });
  io.err(`${line.replaceAll('\n', ' ')}\n`);
  if (io.env['SAILWRIGHT_STACK'] && stack !== undefined) io.err(`${stack}\n`);
  return name === 'InputError' ? (command?.badInput ?? 2) : 2;
}

/** What to do about an answer of the API server, by its status: of most the message says enough. */
const ADVICE: Readonly<Record<number, string>> = {
  0: ': is the cluster there, and does the kubeconfig name it (--kubeconfig, --context)?',
  401: ': log in to the cluster once more',
  403: ': who administers the cluster can grant this right; kubectl auth can-i --list shows yours',
};

function adviceFor(error: unknown): string {
  const isAnswer = error instanceof Error && error.name === 'ApiError' && 'status' in error;
  return isAnswer ? (ADVICE[Number(error.status)] ?? '') : '';
}

function lineOf({ name, message, whole, command }: { name: string; message: string } & Omit<Trouble, 'error'>): string {
  // It begins with the file that it is about.
  if (name === 'InputError') return message;
  if (name === 'UsageError') {
    const called = [whole.name, ...(command?.words ?? [])].join(' ');
    return `${called}: ${message} (see "${called} --help")`;
  }
  const advice = EXPECTED.has(name) ? '' : ' (a fault of Sailwright: please report it; SAILWRIGHT_STACK=1 shows where)';
  return `${whole.name}: ${message}${advice}`;
}
