import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decode } from './decode.ts';
import { choice, flag, int32, kubeObject, text, textMap } from './field-types.ts';
import { decodeIstioOperator, decodeSpec } from './install/decode-istio-operator.ts';

const schema = kubeObject('Sample', () => ({
  name: text,
  on: flag,
  count: int32,
  mode: choice('Fast', 'Slow'),
  labels: textMap,
}));

test('a decoded value is the value that came, nothing converted or lost', () => {
  const value = { name: 'a', on: false, count: 3, mode: '', labels: { 'x.y/z': '1' } };
  const result = decode(schema, value, 'root');
  expect(result.ok && result.value).toBe(value);
});

test('an unknown field is found whatever its name', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), (key) => {
      fc.pre(!['name', 'on', 'count', 'mode', 'labels'].includes(key));
      const result = decode(schema, Object.fromEntries([[key, 1]]), 'root');
      expect(result.ok ? [] : result.problems.map((problem) => problem.message)).toEqual(['unknown field']);
    }),
  );
});

test('a huge key makes a short path', () => {
  const result = decode(schema, { labels: { ['é'.repeat(10_000)]: 1 } }, 'root');
  expect(result.ok ? '' : result.problems[0]?.path).toMatch(/^root\.labels\[".{1,80}\]$/u);
});

test('no JSON value makes the decoder throw', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(typeof decodeIstioOperator(value).ok).toBe('boolean');
      expect(typeof decodeSpec({ components: value, values: value, meshConfig: value }).ok).toBe('boolean');
      expect(typeof decodeSpec({ components: { ingressGateways: [value] }, values: { global: value } }).ok).toBe(
        'boolean',
      );
    }),
  );
});
