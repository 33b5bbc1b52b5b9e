import { expect, it } from 'vitest';
import { fillSamples } from './fill-samples.ts';

const block = (yaml: string, more = ''): string =>
  `a\n\n<!-- sample: samples/x.yaml -->${more}\n\n\`\`\`yaml\n${yaml}\`\`\`\n\nb\n`;
const read = (path: string): string => `path: ${path}\n`;

it.each([
  ['one that is empty', ''],
  ['one that is old', 'path: other\nmore: 1\n'],
  ['one with a marker more', 'old: 1\n', '\n<!-- warned: x -->'],
])('a block becomes its sample: %s', (_what, yaml, more = '') => {
  expect(fillSamples(block(yaml, more), read)).toBe(block('path: samples/x.yaml\n', more));
});

it('leaves other blocks alone', () => {
  const text = block('').replace('sample:', 'with:');
  expect(fillSamples(text, read)).toBe(text);
});
