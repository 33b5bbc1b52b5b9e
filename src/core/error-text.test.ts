import { expect, test } from 'vitest';
import { errorLine, errorText } from './error-text.ts';

test.each<[string, unknown, string]>([
  ['an error', new Error('no such file'), 'no such file'],
  ['text that was thrown', 'gone', 'gone'],
  ['nothing', undefined, 'undefined'],
  [
    'errors of several addresses',
    new AggregateError([new Error('::1 refused'), new Error('127.0.0.1 refused')]),
    '::1 refused; 127.0.0.1 refused',
  ],
  ['several errors with a text for all', new AggregateError([new Error('a')], 'all failed'), 'all failed'],
])('%s', (_, error, text) => {
  expect(errorText(error)).toBe(text);
});

test('an excerpt below is left out', () => {
  expect(errorLine(new Error('bad indentation\n\n  a: [\n'))).toBe('bad indentation');
});
