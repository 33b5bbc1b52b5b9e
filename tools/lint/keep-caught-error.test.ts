import { Linter } from 'eslint';
import { expect, it } from 'vitest';
import { keepCaughtError } from './keep-caught-error.ts';

function lint(handler: string): number {
  const code = `try { read(); } catch ${handler}`;
  const plugins = { own: { rules: { 'keep-caught-error': keepCaughtError } } };
  return new Linter().verify(code, [{ plugins, rules: { 'own/keep-caught-error': 'error' } }]).length;
}

it.each([
  ['nothing of it', '{ throw new Error("no JSON"); }'],
  ['only its class', '(error) { if (error instanceof TypeError) throw new Error("no JSON"); else done(); }'],
])('refuses another error that has %s', (_what, handler) => {
  expect(lint(handler)).toBe(1);
});

it.each([
  ['has its text', '(error) { throw new Error(`no JSON: ${error.message}`); }'],
  ['has it as cause', '(error) { throw new Error("no JSON", { cause: error }); }'],
  ['is the caught one', '(error) { if (!(error instanceof TypeError)) throw error; }'],
  ['has what was made of it', '(error) { const [why] = String(error).split(";"); throw new Error(why); }'],
])('takes one that %s', (_what, handler) => {
  expect(lint(handler)).toBe(0);
});

it('takes an answer in place of an error', () => {
  expect(lint('{ answer(undefined); }')).toBe(0);
});
