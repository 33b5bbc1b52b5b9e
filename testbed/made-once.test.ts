import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { ensureMade } from './made-once.ts';

describe('ensureMade', () => {
  let root: string;
  let made: number;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'sailwright-made-'));
    made = 0;
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  const ask = (fail = false): Promise<string> =>
    ensureMade(
      {
        folder: join(root, 'cache', 'thing'),
        title: 'a thing',
        make: async (scratch) => {
          made += 1;
          await writeFile(join(scratch, 'part'), 'whole');
          if (fail) throw new Error('no material');
        },
      },
      () => undefined,
    );

  it('makes a folder once, for all who ask at the same time', async () => {
    const folders = await Promise.all([ask(), ask(), ask()]);
    expect(new Set(folders).size).toBe(1);
    expect(made).toBe(1);
    expect(await readFile(join(folders[0], 'part'), 'utf8')).toBe('whole');
    expect(await readdir(join(root, 'cache'))).toEqual(['thing']);
  });

  it('leaves nothing of a failure, and tries again for the next who asks', async () => {
    await expect(ask(true)).rejects.toThrow('no material');
    expect(await readdir(join(root, 'cache'))).toEqual([]);
    await ask();
    expect(made).toBe(2);
  });

  it('leaves neither a part nor a lock when the process exits meanwhile', async () => {
    const program = `
      import { readdirSync } from 'node:fs';
      import { ensureMade } from ${JSON.stringify(join(import.meta.dirname, 'made-once.ts'))};
      const cache = ${JSON.stringify(join(root, 'cache'))};
      const make = () => {
        console.log(readdirSync(cache).length);
        process.exit();
      };
      await ensureMade({ folder: cache + '/thing', title: 'a thing', make }, () => undefined);`;
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program]);
    expect(stdout).toBe('2\n');
    expect(await readdir(join(root, 'cache'))).toEqual([]);
  });
});
