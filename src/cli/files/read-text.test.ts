import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';

it('waits for the writer of a pipe that another program told not to wait', () => {
  const node = JSON.stringify(process.execPath);
  // As long as a stream of Node has it open, standard input does not wait, for nobody who shares it.
  const first = `${node} -e 'process.stdin.resume(); process.stdin.pause(); setTimeout(() => {}, 4000)'`;
  const module = JSON.stringify(join(import.meta.dirname, 'read-text.ts'));
  const second = `${node} --input-type=module -e 'import { readText } from ${module}; console.log(readText("-"))'`;
  const script = `(sleep 1; echo late; sleep 1; echo later) | { ${first} <&0 & sleep 0.3; ${second}; kill $!; }`;
  expect(execFileSync('bash', ['-c', script], { encoding: 'utf8' })).toBe('late\nlater\n\n');
});
