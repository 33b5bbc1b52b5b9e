import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PROBLEM_CODES } from '../src/api/codes/index.ts';

const SRC = join(import.meta.dirname, '..', 'src');

function readSources(): string {
  const files = globSync('**/*.ts', { cwd: SRC }).filter(
    (path) => !/\.(test|generated)\.ts$/.test(path) && !path.startsWith('api/codes'),
  );
  return files.map((path) => readFileSync(join(SRC, path), 'utf8')).join('\n');
}

describe('the codes of findings', () => {
  const codes = Object.values(PROBLEM_CODES).flatMap((group) => Object.keys(group));

  it('are each in one group', () => {
    expect(codes.filter((code, i) => codes.indexOf(code) !== i)).toEqual([]);
  });

  it('are all said somewhere', () => {
    const sources = readSources();
    expect(codes.filter((code) => !sources.includes(`'${code}'`))).toEqual([]);
  });
});
