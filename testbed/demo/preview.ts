// What needs no cluster, for who waits while one is built: the same rules, from the command line.
import { spawn } from 'node:child_process';
import { relative } from 'node:path';

import { parse, parseAllDocuments } from 'yaml';

import { BAD_ROUTE, containersOf, POD, SAMPLE } from './samples.ts';
import type { Stage } from './stage.ts';

/** Shows what the program renders, injects and refuses by itself. */
export async function showPreview(
  { screen, signal }: Pick<Stage, 'screen' | 'signal'>,
  program: string,
): Promise<void> {
  const run = (args: readonly string[], more: { input?: object; ends?: number } = {}): Promise<string> =>
    runProgram([program, ...args], more, signal);
  const sample = relative(process.cwd(), SAMPLE);
  const rendered = await run(['manifest', 'generate', '-f', SAMPLE]);
  screen.tell(`\nWhat needs no cluster, meanwhile. sailwright manifest generate -f ${sample}:`);
  screen.tell(`  ${describeKinds(rendered)}`);
  const injected = await run(['inject', '-f', '-'], { input: POD });
  screen.tell('\nsailwright inject, of a pod with container web:');
  for (const { name, image } of containersOf(parse(injected))) screen.tell(`  ${name.padEnd(16)}${image}`);
  const judged = await run(['validate', '-f', '-'], { input: BAD_ROUTE, ends: 1 });
  screen.tell('\nsailwright validate, of a VirtualService that retries on "5xxx":');
  screen.tell(`  ${judged.split('\n', 1)[0]?.replace(/^-:\d+: /, '') ?? ''}`);
  screen.tell('\nYours to try in another terminal: npm run sailwright -- --help\n');
}

/** `39 objects: 15 CustomResourceDefinition, ...`, what there is most of first. */
function describeKinds(manifest: string): string {
  const counts = new Map<string, number>();
  for (const document of parseAllDocuments(manifest)) {
    const { kind } = document.toJS() as { kind: string };
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  const sorted = [...counts].sort(([, a], [, b]) => b - a);
  const sum = sorted.reduce((total, [, count]) => total + count, 0);
  return `${sum} objects: ${sorted.map(([kind, count]) => `${count} ${kind}`).join(', ')}`;
}

/** What it says when it ends as it should: with 0, unless told. */
function runProgram(
  args: readonly string[],
  { input, ends = 0 }: { input?: object; ends?: number },
  signal: AbortSignal,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { signal });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    }
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === ends) resolve(output);
      else reject(new Error(`sailwright ${args.slice(1).join(' ')} ended with ${code ?? 'a signal'}:\n${output}`));
    });
    child.stdin.on('error', () => undefined);
    child.stdin.end(input === undefined ? '' : JSON.stringify(input));
  });
}
