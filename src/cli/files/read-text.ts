import { errorText } from '../../core/error-text.ts';
import { isUtf8 } from 'node:buffer';
import { readFileSync, readSync } from 'node:fs';
import { InputError } from '../shell/input-error.ts';

const STANDARD_INPUT = 0;
const CHUNK_BYTES = 65_536;
/** How soon a pipe that does not wait is asked again. */
const AGAIN_MS = 5;

/** What the system's codes mean, for those who named the file. */
const CAUSES: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a directory: name a file in it',
  EACCES: 'you may not read it',
  EPERM: 'you may not read it',
  ELOOP: 'it is a link to itself',
  ERR_STRING_TOO_LONG: 'it is too large for one text: split it',
};

/** The text of a file, or of standard input for `-`. @throws InputError */
export function readText(file: string): string {
  try {
    return decode(file === '-' ? readStandardInput() : readFileSync(file), file);
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(`${file}: cannot be read: ${causeOf(error)}`, { cause: error });
  }
}

/** All of it. A pipe that another program has told not to wait says EAGAIN where its writer is slow. */
function readStandardInput(): Buffer {
  const read: Buffer[] = [];
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  const clock = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  for (;;) {
    try {
      const length = readSync(STANDARD_INPUT, chunk);
      if (length === 0) return Buffer.concat(read);
      read.push(Buffer.from(chunk.subarray(0, length)));
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) throw error;
      Atomics.wait(clock, 0, 0, AGAIN_MS);
    }
  }
}

/** In the words of those who named the file. */
export function causeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return CAUSES[code] ?? errorText(error);
}

/** YAML is text in UTF-8, and has no byte 0; bytes of an image or of another encoding would be replaced in silence. */
function decode(bytes: Buffer, file: string): string {
  const text = bytes.toString('utf8');
  const bad = isUtf8(bytes) ? text.indexOf('\0') : text.search(/[\0\uFFFD]/);
  if (bad < 0) return text;
  const line = text.slice(0, bad).split('\n').length;
  throw new InputError(`${file}:${line}: is no text in UTF-8, as YAML and JSON must be: save it in this encoding`);
}
