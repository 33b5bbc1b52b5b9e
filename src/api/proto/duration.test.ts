import fc from 'fast-check';
import { expect, it } from 'vitest';
import { durationMillis, durationNanos, parseDuration, printGoDuration, printProtoDuration } from './duration.ts';

it.each<[string, number, number]>([
  ['0', 0, 0],
  ['-0', 0, 0],
  ['0s', 0, 0],
  ['10s', 10, 0],
  ['1ms', 0, 1_000_000],
  ['1500ms', 1, 500_000_000],
  ['1.5s', 1, 500_000_000],
  ['.5s', 0, 500_000_000],
  ['5.s', 5, 0],
  ['1h30m', 5400, 0],
  ['1h1m1s1ms1us1ns', 3661, 1_001_001],
  ['1µs', 0, 1000],
  ['1μs', 0, 1000],
  ['+3s', 3, 0],
  ['-1.5s', -1, -500_000_000],
  ['1s1s', 2, 0],
  ['2562047h', 9223369200, 0],
])('%s is %d seconds and %d nanoseconds', (text, seconds, nanos) => {
  // Adding zero makes -0 a plain 0.
  const value = parseDuration(text);
  expect(value && { seconds: value.seconds + 0, nanos: value.nanos + 0 }).toEqual({ seconds, nanos });
});

it.each([
  '',
  '5',
  '.',
  '.s',
  's',
  '-',
  '1d',
  '1 s',
  ' 1s',
  '1s ',
  '1e3s',
  '1.2.3s',
  '1S',
  '2562048h',
  '--1s',
  '9223372036854775808ns',
])('%j is no duration', (text) => {
  expect(parseDuration(text)).toBeUndefined();
});

it('reads its largest negative value, which has no positive counterpart', () => {
  expect(parseDuration('-9223372036854775808ns')).toEqual({ seconds: -9223372036, nanos: -854775808 });
});

it('adds up its parts, whatever they are', () => {
  const part = fc.integer({ min: 0, max: 100_000 });
  fc.assert(
    fc.property(part, part, part, (hours, millis, nanos) => {
      const value = parseDuration(`${hours}h${millis}ms${nanos}ns`);
      expect(value && durationNanos(value)).toBe(
        BigInt(hours) * 3_600_000_000_000n + BigInt(millis) * 1_000_000n + BigInt(nanos),
      );
    }),
  );
});

it('is measured in milliseconds', () => {
  expect(durationMillis({ seconds: 1, nanos: 500_000 })).toBe(1000.5);
});

it.each([
  ['0', '0s', '0s'],
  ['90s', '1m30s', '90s'],
  ['1h', '1h0m0s', '3600s'],
  ['1h0.5s', '1h0m0.5s', '3600.500s'],
  ['250ms', '250ms', '0.250s'],
  ['1500us', '1.5ms', '0.001500s'],
  ['2us', '2µs', '0.000002s'],
  ['7ns', '7ns', '0.000000007s'],
  ['-1.5s', '-1.5s', '-1.500s'],
  ['-250ms', '-250ms', '-0.250s'],
  ['-0', '0s', '0s'],
])('%s is %s in Go and %s in protojson', (text, go, proto) => {
  const value = parseDuration(text);
  expect(value && [printGoDuration(value), printProtoDuration(value)]).toEqual([go, proto]);
});

it('prints what it reads back', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 52n), max: 2n ** 52n }), (nanos) => {
      const value = parseDuration(`${nanos}ns`);
      for (const print of [printGoDuration, printProtoDuration]) {
        const again = value && parseDuration(print(value));
        expect(again && durationNanos(again)).toBe(nanos);
      }
    }),
  );
});
