// The scripts in the shells that they are for, as far as these are installed.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SCRIPTS } from './scripts.ts';

const folder = mkdtempSync(join(tmpdir(), 'sailwright-completion-'));

beforeAll(() => {
  const main = join(import.meta.dirname, '../../main.ts');
  writeFileSync(join(folder, 'sailwright'), `#!/bin/sh\nexec '${process.execPath}' '${main}' "$@"\n`);
  chmodSync(join(folder, 'sailwright'), 0o755);
  for (const [shell, script] of Object.entries(SCRIPTS)) writeFileSync(join(folder, `script.${shell}`), script);
  mkdirSync(join(folder, 'files'));
  writeFileSync(join(folder, 'files/my mesh.yaml'), '');
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What a shell prints that runs a script in the folder with the files. */
function run(shell: string, args: readonly string[]): string {
  const env = { ...process.env, HOME: folder, TERM: 'dumb', PATH: `${folder}:${process.env['PATH']}` };
  const { stdout, stderr, error } = spawnSync(shell, args, {
    cwd: join(folder, 'files'),
    env,
    encoding: 'utf8',
    timeout: 50_000,
  });
  expect({ stderr, error }).toEqual({ stderr: '', error: undefined });
  return stdout;
}

function describeShell(shell: string, tests: () => void): void {
  const { error } = spawnSync(shell, ['-c', 'true']);
  if (error) console.log(`skipped: the completion of ${shell}, which is not installed here`);
  describe.skipIf(error)(`in ${shell}`, { timeout: 60_000 }, tests);
}

describeShell('bash', () => {
  it.each<[line: string, words: string[], reply: string]>([
    ['sailwright manifest g', ['sailwright', 'manifest', 'g'], 'generate'],
    ['sailwright manifest ', ['sailwright', 'manifest', ''], 'diff generate'],
    // bash makes three words of it.
    ['sailwright validate --output=j', ['sailwright', 'validate', '--output', '=', 'j'], 'json'],
    ['sailwright validate -f ', ['sailwright', 'validate', '-f', ''], ''],
  ])('%j', (line, words, reply) => {
    const quoted = words.map((word) => `'${word}'`).join(' ');
    const script = `source ${folder}/script.bash; COMP_WORDS=(${quoted}); COMP_CWORD=${words.length - 1}
      COMP_LINE='${line}'; COMP_POINT=${line.length}; _sailwright; echo "\${COMPREPLY[*]}"`;
    expect(run('bash', ['-c', script])).toBe(`${reply}\n`);
  });
});

/** Types lines into a terminal, each with the key that completes, and prints what became of each. */
const ZSH_TYPIST = `
zmodload zsh/zpty
zpty shell "PS1= zsh -f -i"
zpty -w shell 'autoload -Uz compinit; compinit -u -D; source ${folder}/script.zsh; unsetopt auto_list beep'
zpty -w shell 'show() { print -r -- "<<$BUFFER>>"; BUFFER= }; zle -N show; bindkey "^X" show; print "re""ady"'
zpty -r -m shell shown '*ready*'
for line in "$@"; do
  zpty -w -n shell "$line"$'\\t\\x18'
  zpty -r -m shell shown '*<<*>>*'
  print -r -- "\${\${shown##*<<}%%>>*}"
done
zpty -d shell
`;

describeShell('zsh', () => {
  it('completes words, values and files', () => {
    const lines: [typed: string, completed: string][] = [
      ['sailwright manifest g', 'sailwright manifest generate '],
      ['sailwright help val', 'sailwright help validate '],
      ['ls; sailwright validate --ou', 'ls; sailwright validate --output '],
      ['sailwright validate --output=j', 'sailwright validate --output=json '],
      ['sailwright analyze --failure-threshold W', 'sailwright analyze --failure-threshold Warning '],
      // Several are possible.
      ['sailwright manifest ', 'sailwright manifest '],
      ['sailwright validate -f m', 'sailwright validate -f my\\ mesh.yaml '],
      ['sailwright validate -f "m', 'sailwright validate -f "my mesh.yaml" '],
      ['sailwright validate --filename=m', 'sailwright validate --filename=my\\ mesh.yaml '],
    ];
    const shown = run('zsh', ['-f', '-c', ZSH_TYPIST, 'typist', ...lines.map(([typed]) => typed)]);
    expect(shown).toBe(
      lines
        .map(
          ([, completed]) => `${completed}
`,
        )
        .join(''),
    );
  });
});

describeShell('fish', () => {
  it.each<[line: string, candidates: string[]]>([
    ['sailwright manifest g', ['generate']],
    ['sailwright help val', ['validate']],
    ['ls; sailwright manifest ', ['diff', 'generate']],
    ['sailwright validate --output=j', ['--output=json']],
    ['sailwright validate -o ', ['json', 'text']],
    ['sailwright validate -f m', ['my mesh.yaml']],
    [`sailwright validate -f 'm`, ['my mesh.yaml']],
    ['sailwright validate --filename=m', ['--filename=my mesh.yaml']],
  ])('%j: %j', (line, candidates) => {
    const ask = `source ${folder}/script.fish; complete -C ${JSON.stringify(line)}`;
    expect(run('fish', ['--no-config', '-c', ask]).split('\n').filter(Boolean)).toEqual(candidates);
  });
});
