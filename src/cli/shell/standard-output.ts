import { fstatSync, statSync, writeSync } from 'node:fs';
import { errorText } from '../../core/error-text.ts';

const STANDARD_OUTPUT = 1;
const CANNOT_WRITE = 2;
const NULL_DEVICE = '/dev/null';

/** Where the output of a command goes. */
export interface StandardOutput {
  /** Ends the process where it cannot be written. */
  write: (text: string) => void;
  /** Whether it is a screen that somebody looks at. */
  isTerminal: boolean;
  /** Undefined where there is no screen. */
  columns: number | undefined;
}

/**
 * That of this process. Files, pipes and the null device are written to as they are: to make Node's stream for them takes a tenth of the
 * time of a short command.
 */
export function openStandardOutput(): StandardOutput {
  if (!isWrittenDirectly()) {
    const { stdout } = process;
    return { write: writeToStream, isTerminal: Boolean(stdout.isTTY), columns: stdout.columns };
  }
  let isFull = false;
  const write = (text: string): void => {
    const left = isFull ? text : writeDirectly(Buffer.from(text, 'utf8'));
    if (left.length === 0) return;
    // A pipe that is full and does not wait: only a stream knows when there is room.
    isFull = true;
    writeToStream(left);
  };
  return { write, isTerminal: false, columns: undefined };
}

function isWrittenDirectly(): boolean {
  try {
    const status = fstatSync(STANDARD_OUTPUT);
    if (status.isFile() || status.isFIFO() || status.isSocket()) return true;
    // Other devices may be terminals.
    return status.isCharacterDevice() && status.rdev === statSync(NULL_DEVICE).rdev;
  } catch {
    return false;
  }
}

/** What could not be written for now. */
function writeDirectly(bytes: Buffer): Buffer {
  let left = bytes;
  while (left.length > 0) {
    try {
      left = left.subarray(writeSync(STANDARD_OUTPUT, left));
    } catch (error) {
      if (codeOf(error) === 'EAGAIN') return left;
      fail(error);
    }
  }
  return left;
}

let isWatched = false;

function writeToStream(text: string | Uint8Array): void {
  if (!isWatched) process.stdout.on('error', fail);
  isWatched = true;
  process.stdout.write(text);
}

/** `| head` closes the pipe early: that is no error of ours. Nobody is left to catch what a stream says later. */
function fail(error: unknown): never {
  if (codeOf(error) === 'EPIPE') process.exit(0);
  process.stderr.write(`standard output cannot be written: ${errorText(error)}\n`);
  process.exit(CANNOT_WRITE);
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
