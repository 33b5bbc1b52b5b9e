import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SAILWRIGHT } from '../commands.ts';
import { findCandidates } from './candidates.ts';
import { SCRIPTS } from './scripts.ts';

describe('the last word can become', () => {
  it.each<[words: string[], candidates: string[]]>([
    [['ma'], ['manifest']],
    [
      ['manifest', ''],
      ['diff', 'generate'],
    ],
    [
      ['help', 'v'],
      ['validate', 'version'],
    ],
    [['validate', '--o'], ['--output']],
    [
      ['validate', '-o', ''],
      ['json', 'text'],
    ],
    [['validate', '--output=j'], ['--output=json']],
    [['analyze', '-f', 'mesh', '--failure-threshold', 'W'], ['Warning']],
    [
      ['completion', ''],
      ['bash', 'fish', 'zsh'],
    ],
    [['validate', '-f', ''], []],
    [['nothing', ''], []],
    [['__'], []],
  ])('%j: %j', (words, candidates) => {
    expect(findCandidates(SAILWRIGHT.commands, words)).toEqual(candidates);
  });
});

describe('in bash', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sailwright-completion-'));
  const main = join(import.meta.dirname, '../../main.ts');
  beforeAll(() => {
    writeFileSync(join(folder, 'sailwright'), `#!/bin/sh\nexec '${process.execPath}' '${main}' "$@"\n`);
    chmodSync(join(folder, 'sailwright'), 0o755);
    writeFileSync(join(folder, 'script'), SCRIPTS['bash'] ?? '');
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each<[line: string, words: string[], reply: string]>([
    ['sailwright manifest g', ['sailwright', 'manifest', 'g'], 'generate'],
    ['sailwright manifest ', ['sailwright', 'manifest', ''], 'diff generate'],
    // bash makes three words of it.
    ['sailwright validate --output=j', ['sailwright', 'validate', '--output', '=', 'j'], 'json'],
    ['sailwright validate -f ', ['sailwright', 'validate', '-f', ''], ''],
  ])(
    '%j',
    (line, words, reply) => {
      const quoted = words.map((word) => `'${word}'`).join(' ');
      const script = `source ${folder}/script; COMP_WORDS=(${quoted}); COMP_CWORD=${words.length - 1}
      COMP_LINE='${line}'; COMP_POINT=${line.length}; _sailwright; echo "\${COMPREPLY[*]}"`;
      const env = { ...process.env, PATH: `${folder}:${process.env['PATH']}` };
      const { stdout, stderr } = spawnSync('bash', ['-c', script], { env, encoding: 'utf8' });
      expect({ stdout, stderr }).toEqual({ stdout: `${reply}\n`, stderr: '' });
    },
    30_000,
  );
});
