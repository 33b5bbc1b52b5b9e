import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';

import { hasCode } from './error-code.ts';

/** How to run `go`. */
export interface GoRun {
  /** The module's folder. */
  readonly folder: string;
  /** Whether C code is compiled too, which needs a C compiler. */
  readonly cgo?: boolean;
  readonly onLine?: (line: string) => void;
  /** Folder for what it deletes when it is done, which it does not when it is ended before. */
  readonly temporary?: string;
}

/** Runs `go` and returns the lines that it printed; an error holds the last of them. */
export async function runGo(args: readonly string[], options: GoRun): Promise<string[]> {
  const child = spawn('go', args, {
    cwd: options.folder,
    env: {
      ...process.env,
      CGO_ENABLED: options.cgo ? '1' : '0',
      ...(options.temporary !== undefined && { GOTMPDIR: options.temporary }),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const endWithUs = (): void => void child.kill('SIGKILL');
  // Before anybody deletes what it writes to.
  process.prependOnceListener('exit', endWithUs);
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line);
      options.onLine?.(line);
    });
  }
  try {
    if ((await exitCode(child)) === 0) return lines;
  } finally {
    process.removeListener('exit', endWithUs);
  }
  throw new Error(`\`go ${args[0] ?? ''}\` in ${options.folder} failed:\n${lines.slice(-20).join('\n')}`);
}

function exitCode(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.once('close', (code) => resolve(code));
    child.once('error', (error) => reject(hasCode(error, 'ENOENT') ? missingGo() : error));
  });
}

function missingGo(): Error {
  return new Error(
    'the embedded cluster is built from Go sources, and no `go` is on the PATH: install Go 1.26 or newer, ' +
      'or set KUBECONFIG to the kubeconfig of an existing cluster, which is then used and nothing is built',
  );
}
