// `npm run picture`: runs the demo on a terminal of 100 columns and draws what it shows, for the README.
import { spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { renderSvg } from './render-svg.ts';
import { showTerminal } from './terminal.ts';

const ROOT = join(import.meta.dirname, '../..');
const TARGET = 'docs/images/demo.svg';
const COMMAND = 'npm run demo -- --once';

/** What the demo writes to a terminal: util-linux' `script` is one. */
async function record(): Promise<string> {
  const line = `stty cols 100 rows 50; exec '${process.execPath}' testbed/demo/command.ts --once`;
  const { KUBECONFIG: _, NO_COLOR: __, ...env } = process.env;
  const child = spawn('script', ['-qec', line, '/dev/null'], {
    cwd: ROOT,
    env: { ...env, TERM: 'xterm-256color' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let written = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    written += text;
    process.stdout.write(text);
  });
  const code = await new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status) => resolve(status ?? 1));
  });
  if (code !== 0) throw new Error(`the demo ended with exit code ${code}: nothing was drawn`);
  return written;
}

const lines = showTerminal(`$ \x1b[1m${COMMAND}\x1b[22m\n${await record()}`);
while (lines.at(-1)?.length === 0) lines.pop();
await mkdir(join(ROOT, 'docs/images'), { recursive: true });
await writeFile(join(ROOT, TARGET), renderSvg(lines, `A terminal that shows ${COMMAND}`));
console.log(`wrote ${TARGET}`);
