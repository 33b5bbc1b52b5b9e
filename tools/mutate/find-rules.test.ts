import { describe, expect, it } from 'vitest';
import { findRules } from './find-rules.ts';

function switchedOff(source: string): string[] {
  return findRules(source, 'rules.ts').map(
    ({ start, end, replacement }) => source.slice(0, start) + replacement + source.slice(end),
  );
}

describe('rules that can be switched off', () => {
  it.each([
    ['a check', 'function checkPort(): void { a(); }', 'function checkPort(): void { return ; a(); }'],
    [
      'a search for a fault',
      'function findFault(): Fault | undefined { return a; }',
      'function findFault(): Fault | undefined { return undefined; return a; }',
    ],
    ['a validator', 'function validateX(): F[] { return a; }', 'function validateX(): F[] { return []; return a; }'],
    [
      'an analyzer',
      'const hosts: Analyzer = { name: "a", analyze: (world) => check(world) };',
      'const hosts: Analyzer = { name: "a", analyze: () => [] };',
    ],
  ])('%s', (_what, source, expected) => {
    expect(switchedOff(source)).toEqual([expected]);
  });

  it('are no other functions', () => {
    expect(switchedOff('function isPort(): boolean { return a; } function checksum(): number { return 1; }')).toEqual(
      [],
    );
  });
});
