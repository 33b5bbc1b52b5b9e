import { describe, expect, it } from 'vitest';
import { runSailwright } from '../../../test/builders/run-sailwright.ts';
import { SAILWRIGHT } from '../commands.ts';
import { defineCommand } from './command.ts';
import { InputError } from './input-error.ts';
import { runCommandLine } from './run-command-line.ts';

describe('a command line', () => {
  it.each<[args: string, says: string]>([
    ['valdate -f a', 'sailwright: there is no command "valdate": did you mean "validate"?'],
    ['manifest dif', 'sailwright: there is no command "manifest dif": did you mean "manifest diff"?'],
    ['help manifes diff', 'there is no command "manifes": did you mean "manifest"?'],
    ['quite-another', 'there is no command "quite-another" ('],
    ['--nope', "unknown option '--nope'"],
    ['analyze -A -n shop', 'sailwright analyze: give -n or -A, not both'],
    ['validate --fillename a', "sailwright validate: unknown option '--fillename': did you mean --filename?"],
    ['validate -f', "option '-f, --filename <PATH>' argument missing"],
    ['validate -f a -o xml', '--output takes text, json or yaml, not "xml"'],
    ['validate -f - -f -', 'standard input can be read once only'],
    ['validate', 'no file is named: use -f PATH'],
    ['version now', 'too many arguments. Expected 0 arguments but got 1: now'],
    ['completion csh', 'SHELL takes bash, zsh or fish, not "csh"'],
    ['completion', 'a shell is needed: bash, zsh, fish'],
    ['manifest diff a b c', 'Expected 2 arguments but got 3'],
    ['manifest diff a b --context dev', '--context goes with -f only'],
    ['manifest diff - -', 'standard input can be read once only'],
    ['manifest diff a b --color green', '--color takes always, never or auto'],
    ['analyze --suppress IST9999', 'there is no code "IST9999"'],
    ['analyze --level loud', '--level takes Info, Warning or Error, not "loud"'],
  ])(
    '%s: is told in one line',
    async (args, says) => {
      const { code, out, err } = await runSailwright(args.split(' '));
      expect({ code, out }).toEqual({ code: 2, out: '' });
      expect(err).toContain(says);
      expect(err).toMatch(/^sailwright[^\n]*\(see "sailwright[a-z ]* --help"\)\n$/);
    },
    60_000,
  );

  it.each(SAILWRIGHT.commands.filter(({ isHidden }) => !isHidden).map(({ words }) => [words.join(' ')]))(
    'help of %s has forms, options, examples and exit codes',
    async (words) => {
      const { code, out, err } = await runSailwright([...words.split(' '), '--help']);
      expect({ code, err }).toEqual({ code: 0, err: '' });
      expect(out).toMatch(new RegExp(`^Usage: sailwright ${words}`));
      for (const section of ['Options:', 'Examples:', 'Exit codes:']) expect(out).toContain(`\n${section}\n`);
      expect((await runSailwright(['help', ...words.split(' ')])).out).toBe(out);
    },
  );

  it.each<[args: string[], code: number]>([
    [[], 2],
    [['help'], 0],
    [['-h'], 0],
  ])('%j lists every command', async (args, code) => {
    const ended = await runSailwright(args);
    expect(ended.code).toBe(code);
    expect(ended.out).toMatch(/profile {2,}settings .*: list, dump, diff\n[^]*run {2,}run the operator/);
    expect(ended.out).not.toContain('__complete');
  });

  it('lists the commands of a group', async () => {
    const { code, out } = await runSailwright(['manifest']);
    expect(code).toBe(2);
    expect(out).toMatch(/manifest generate {2,}/);
    expect(out).not.toContain('analyze');
  });

  it('takes options in every usual form', async () => {
    for (const args of [['-ojson'], ['-o', 'json'], ['--output=json'], ['--output', 'json']]) {
      expect(
        await runSailwright(['validate', '-f', 'config/samples/istiooperator-default.yaml', ...args]),
      ).toMatchObject({
        code: 0,
        out: expect.stringMatching(/^\{"file"/) as string,
      });
    }
  }, 60_000);
});

describe('what goes wrong inside of a command', () => {
  const failing = (error: unknown) =>
    defineCommand({
      words: ['fail'],
      summary: '',
      about: '',
      forms: [''],
      operands: [],
      options: {},
      examples: [],
      exitCodes: {},
      badInput: 1,
      load: () =>
        Promise.resolve(() => {
          throw error;
        }),
    });

  async function run(error: unknown, env: Record<string, string> = {}): Promise<[code: number, err: string]> {
    let err = '';
    const io = { out: () => undefined, err: (text: string) => void (err += text), env, isTerminal: false, columns: 80 };
    const code = await runCommandLine({ ...SAILWRIGHT, commands: [failing(error)] }, ['fail'], io);
    return [code, err];
  }

  it('is told without a stack, and with one on demand', async () => {
    expect(await run(new InputError('a.yaml:3: is\nwrong'))).toEqual([1, 'a.yaml:3: is wrong\n']);
    const [code, told] = await run(new TypeError('x is\nundefined'));
    expect(code).toBe(2);
    expect(told).toMatch(/^sailwright: x is undefined \(a fault of Sailwright: please report it[^\n]*\n$/);
    expect((await run(new TypeError('x'), { SAILWRIGHT_STACK: '1' }))[1]).toMatch(/\n\s+at /);
  });
});
