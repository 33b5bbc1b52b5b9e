import { expect, it } from 'vitest';
import { isAsSaid } from './compare-output.ts';

it.each([
  ['the same', 'a b\n', 'a b\n'],
  ['other spaces', 'NAME   READY\nweb 1', 'NAME READY\nweb     1'],
  ['a sentence that the guide breaks', 'denied the\nrequest', 'denied the request'],
  ['another pod', 'pod/web-6b746f74dc-x2x7k', 'pod/web-7kx9v8zw5f-abcde'],
  ['another age', 'web 3m', 'web 12s'],
  ['what is left out', 'a\n...\nd', 'a\nb\nc\nd'],
  ['what is left out at the end', 'a\n...', 'a\nb'],
])('takes %s', (_what, said, printed) => {
  expect(isAsSaid(said, printed)).toBe(true);
});

it.each([
  ['another word', 'created', 'configured'],
  ['more', 'a', 'a\nb'],
  ['less', 'a\nb', 'a'],
  ['another count', 'web 1', 'web 2'],
  ['dots within a word', 'a...c', 'abc'],
])('refuses %s', (_what, said, printed) => {
  expect(isAsSaid(said, printed)).toBe(false);
});
