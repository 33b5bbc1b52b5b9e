import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { describe, expect, it } from 'vitest';

import { findFreePorts } from './ports.ts';

const OURS = 500;
const THEIRS = 200;

describe('findFreePorts', () => {
  it('gives no port to two processes, though nothing listens on any yet', async () => {
    const ours = await findFreePorts(OURS);
    const program = `
      import { findFreePorts } from ${JSON.stringify(join(import.meta.dirname, 'ports.ts'))};
      console.log(JSON.stringify(await findFreePorts(${THEIRS})));`;
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program]);
    const theirs = JSON.parse(stdout) as number[];
    expect(new Set([...ours, ...theirs]).size).toBe(OURS + THEIRS);
  });
});
