import { describe, expect, test } from 'vitest';
import { parseGoRequestUrl, parseGoUrl } from './go-url.ts';

// Each row was put to net/url of Go 1.26.
describe('a URL is read as Go reads it', () => {
  test.each([
    ['http://a', 'http', 'a', '', ''],
    ['HTTP://a:80/p', 'http', 'a', '80', '/p'],
    ['http://[::1]:80', 'http', '::1', '80', ''],
    ['http://u:p@h/', 'http', 'h', '', '/'],
    ['a:b', 'a', '', '', ''],
    ['mailto:x', 'mailto', '', '', ''],
    ['/p', '', '', '', '/p'],
    ['///p', '', '', '', '///p'],
    ['http:///p', 'http', '', '', '/p'],
    ['http:/p', 'http', '', '', '/p'],
    ['http://a?x=%zz', 'http', 'a', '', ''],
    ['*', '', '', '', '*'],
  ])('%s', (text, scheme, hostname, port, path) => {
    expect(parseGoUrl(text)).toMatchObject({ scheme, hostname, port, path });
    expect(parseGoRequestUrl(text)).toBeDefined();
  });

  test.each(['http://a#b', 'http://[::1]#x', '#'])('with a fragment, which a request has not: %s', (text) => {
    expect(parseGoUrl(text)).toBeDefined();
    expect(parseGoRequestUrl(text)).toBeUndefined();
  });

  test('a fragment after a path is a part of the path in a request', () => {
    expect(parseGoUrl('/p#b')?.path).toBe('/p');
    expect(parseGoRequestUrl('/p#b')?.path).toBe('/p#b');
    expect(parseGoRequestUrl('//h#b')).toMatchObject({ hostname: '', path: '//h#b' });
  });

  test.each(['a/b:c', 'a b'])('only as a reference, not of a request: %s', (text) => {
    expect(parseGoUrl(text)).toMatchObject({ scheme: '', hostname: '', path: text });
    expect(parseGoRequestUrl(text)).toBeUndefined();
  });

  test.each([
    'http://a:x',
    'http://[::1',
    'http://[::1]x',
    'http://u p@h/',
    'http://u%zz@h/',
    'http://h/%zz',
    'http://h/#%zz',
    'http://h/\x01',
    ':a',
    '1a:b',
    'http://a:1:2',
    'http://a%41b/',
    'http://a b/',
    'http://a[b/',
  ])('refused: %j', (text) => {
    expect(parseGoUrl(text)).toBeUndefined();
    expect(parseGoRequestUrl(text)).toBeUndefined();
  });
});
