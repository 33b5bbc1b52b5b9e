import { describe, expect, it } from 'vitest';
import { findObjectNameFault } from './object-name.ts';

describe('the name of an object', () => {
  it.each([
    ['My_Rule', 'error NameInvalid'],
    ['-a', 'error NameInvalid'],
    ['a..b', 'error NameInvalid'],
    ['a'.repeat(254), 'error NameInvalid'],
    ['', 'warning NameMissing'],
    ['reviews', ''],
    ['reviews.v1-a', ''],
  ])('%s: %s', (name, expected) => {
    const fault = findObjectNameFault({ metadata: { name } });
    expect(fault ? `${fault.severity} ${fault.code}` : '').toBe(expected);
  });

  it('may be left to the API server', () => {
    expect(findObjectNameFault({ metadata: { generateName: 'a-' } })).toBeUndefined();
  });
});
