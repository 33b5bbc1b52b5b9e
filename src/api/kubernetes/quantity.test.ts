import { expect, test } from 'vitest';
import { canonicalQuantity } from './quantity.ts';

test.each<[string | number, string | undefined]>([
  ['2000m', '2'],
  ['1024Mi', '1Gi'],
  ['1500Mi', '1500Mi'],
  ['1.5Gi', '1536Mi'],
  ['0.5', '500m'],
  ['100m', '100m'],
  ['1000k', '1M'],
  ['0.1Ki', '102400m'],
  ['512', '512'],
  ['0.5Ki', '512'],
  ['0', '0'],
  ['0Mi', '0'],
  ['-1', '-1'],
  ['+5', '5'],
  ['.5', '500m'],
  ['5.', '5'],
  ['1e3', '1e3'],
  ['1E3', '1e3'],
  ['1500e0', '1500'],
  ['0.1n', '1n'],
  [2, '2'],
  [1.5, '1500m'],
  ['', undefined],
  ['1 Gi', undefined],
  ['1gi', undefined],
  ['abc', undefined],
  ['1e', undefined],
])('%s is %s', (text, canonical) => {
  expect(canonicalQuantity(text)).toBe(canonical);
});
