import { writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { errorText } from '../../core/error-text.ts';
import { fileEntry } from '../archive/file-tree.ts';
import { packTar } from '../archive/tar.ts';
import type { Call } from '../shell/command.ts';
import { InputError } from '../shell/input-error.ts';
import { report, type Io } from '../shell/io.ts';
import { withCluster } from '../shell/with-cluster.ts';
import { collectBugReport } from './collect.ts';
import type { BUG_REPORT_OPTIONS } from './options.ts';

/** Of the archive, so that unpacking it makes no litter. */
const FOLDER = 'sailwright-bug-report';
/** Nobody else on this machine is to read it. */
const PRIVATE = 0o600;

/** `sailwright bug-report`: the exit code. @throws ApiError, InputError */
export async function runBugReport({ flags }: Call<typeof BUG_REPORT_OPTIONS>, io: Io): Promise<number> {
  const { files, unread } = await withCluster(flags, (api) => collectBugReport(api, flags.istioNamespace));
  report(io, { warnings: unread.map(({ kind, why }) => `${kind} could not be read and is missing: ${why}`) });
  const tree = new Map([...files].map(([path, text]) => [`${FOLDER}/${path}`, fileEntry(text)]));
  const archive = gzipSync(packTar(tree));
  if (flags.output === '-') {
    await new Promise<void>((resolve) => process.stdout.write(archive, () => resolve()));
    return 0;
  }
  write(flags.output, archive);
  io.out(
    `${flags.output}: ${files.size} files, ${Math.ceil(archive.length / 1024)} KiB. Look through it before you give it away.\n`,
  );
  return 0;
}

function write(path: string, archive: Buffer): void {
  try {
    writeFileSync(path, archive, { mode: PRIVATE });
  } catch (error) {
    throw new InputError(`${path}: cannot be written: ${errorText(error)}`);
  }
}
