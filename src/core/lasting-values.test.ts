import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jsonText } from './json-text.ts';
import type { Json } from './kube-object.ts';
import { lasting, madeOf } from './lasting-values.ts';

test('keeps what was made of a value that lasts, and of no other', () => {
  const value = lasting({ name: 'a' });
  const made = madeOf(value);
  expect(made?.get('form')).toBeUndefined();
  const form = made?.set('form', { name: 'b' });
  expect(madeOf(value)?.get('form')).toBe(form);
  expect(madeOf(value)?.get('other')).toBeUndefined();
  expect(madeOf(form ?? {})).toBeDefined();
  expect(madeOf({ name: 'a' })).toBeUndefined();
});

test('reaches the parts of a value as far as it is told', () => {
  const leaf = { name: 'x' };
  const value = lasting({ list: [leaf] }, 1);
  expect(madeOf(value.list)).toBeDefined();
  expect(madeOf(leaf)).toBeUndefined();
});

test('JSON text is that of JSON.stringify, whatever lasts', () => {
  const lastsSomewhere = (value: Json): Json =>
    Array.isArray(value) ? value.map((item, i) => (i % 2 === 0 ? lasting(item, 1) : item)) : value;
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 6 }), fc.integer({ min: 0, max: 3 }), (value: unknown, depth) => {
      const json = value as Json;
      const expected = JSON.stringify(json);
      expect(jsonText(json)).toBe(expected);
      expect(jsonText(lastsSomewhere(json))).toBe(expected);
      const wrapped = { name: 'a', none: undefined, list: [{ env: [lasting(json, depth), json] }, json] };
      expect(jsonText(wrapped)).toBe(JSON.stringify(wrapped));
      expect(jsonText(wrapped)).toBe(JSON.stringify(wrapped));
    }),
  );
});
