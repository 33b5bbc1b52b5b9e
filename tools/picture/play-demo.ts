import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

const ROOT = join(import.meta.dirname, '../..');

/** What the demo says when all has been shown: its mesh is there until Ctrl-C comes. */
const AT_REST = 'The mesh is yours.';
const HOW_TO_REACH = /export KUBECONFIG=(\S+)[^]*?alias kubectl=(\S+)[^]*?Ctrl-C ends/;
const CTRL_C = '\x03';

/** How to reach the mesh of the demo. */
export interface DemoMesh {
  kubeconfig: string;
  kubectl: string;
}

/**
 * Runs the demo on a terminal of 100 columns, which util-linux' `script` is; what is to be done with its mesh is done
 * before it ends. Resolves with all that it wrote up to then.
 */
export async function playDemo(visit: (mesh: DemoMesh) => Promise<void>): Promise<string> {
  const line = `stty cols 100 rows 50; exec '${process.execPath}' testbed/demo/command.ts`;
  const { KUBECONFIG: _, NO_COLOR: __, ...env } = process.env;
  const child = spawn('script', ['-qec', line, '/dev/null'], {
    cwd: ROOT,
    env: { ...env, TERM: 'xterm-256color' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status) => resolve(status ?? 1));
  });
  let written = '';
  const atRest = new Promise<RegExpExecArray>((resolve) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      written += text;
      process.stdout.write(text);
      const found = HOW_TO_REACH.exec(stripVTControlCharacters(written));
      if (found) resolve(found);
    });
  });
  const found = await Promise.race([atRest, ended]);
  if (typeof found === 'number') throw new Error(`the demo ended with exit code ${found}: nothing was drawn`);
  const [, kubeconfig = '', kubectl = ''] = found;
  try {
    await visit({ kubeconfig, kubectl });
  } finally {
    child.stdin.write(CTRL_C);
    await ended;
  }
  return written.slice(0, written.indexOf(AT_REST));
}
