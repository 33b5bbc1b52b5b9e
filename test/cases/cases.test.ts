import { describe, expect, it } from 'vitest';
import { MESSAGE_TYPES } from '../../src/core/analyze/messages.ts';
import { INSTALL_CODES } from '../../src/api/codes/install.ts';
import { JUDGES } from './judge-cases.ts';
import { readFindingCases, type FindingCase } from './read-cases.ts';

const ALL = Object.keys(JUDGES).map((folder) => ({ folder, cases: readFindingCases(folder, import.meta.dirname) }));

function codesOf(cases: readonly FindingCase[]): Set<string> {
  return new Set(cases.flatMap(({ expected }) => expected.map((line) => line.replace(/^!/, '').split(' ')[0] ?? '')));
}

describe.each(ALL)('cases of $folder', ({ folder, cases }) => {
  it.each(cases.map((one) => [one.name, one] as const))('%s', (_name, one) => {
    expect(JUDGES[folder]?.(one)).toEqual(one.expected);
  });
});

describe('the cases', () => {
  it('hold every code of analysis', () => {
    const told = codesOf(ALL.flatMap(({ cases }) => cases));
    expect(Object.keys(MESSAGE_TYPES).filter((code) => !told.has(code))).toEqual([]);
  });

  it('hold every code of an IstioOperator that a file alone can get', () => {
    const told = codesOf(ALL.flatMap(({ cases }) => cases));
    // Of the command line, of injection by a file, of the author's rights, of the time that a worker took.
    const others = ['FlagInvalid', 'InjectorMissing', 'NamespaceForbidden', 'PowersForbidden', 'RenderingTooLarge'];
    // Of an upgrade to a minor that changes a default: none of those that are known does.
    others.push('VariableChanged');
    expect(Object.keys(INSTALL_CODES).filter((code) => !told.has(code) && !others.includes(code))).toEqual([]);
  });
});
