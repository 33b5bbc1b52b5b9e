import { expect, it } from 'vitest';
import { judgeQuery, type QueryBounds, type QuerySample } from './judge-query.ts';

const value = (number: number | undefined): { value: number | undefined } => ({ value: number });

it.each<[string, QueryBounds, QuerySample, string, string]>([
  ['a number within its bounds', { max: 5, min: 1 }, { now: value(3) }, 'good', '3'],
  ['one at its bound', { max: 5 }, { now: value(5) }, 'good', '5'],
  ['one above', { max: 5 }, { now: value(5.5) }, 'bad', '5.5 is above 5'],
  ['one below', { min: 0.99 }, { now: value(0.98) }, 'bad', '0.98 is below 0.99'],
  ['a failure', { max: 5 }, { now: { failure: 'no answer' } }, 'unknown', 'no answer'],
  ['no number', { max: 5 }, { now: value(undefined) }, 'unknown', 'the query has no value'],
  ['what is none', { max: 5 }, { now: value(NaN) }, 'unknown', 'the query has no value'],
  [
    'too little traffic',
    { max: 5, minTraffic: 1 },
    { now: value(9), traffic: value(0.5) },
    'silent',
    'too little traffic to judge by: 0.5 a second',
  ],
  [
    'no traffic at all',
    { max: 5, minTraffic: 1 },
    { now: value(9), traffic: value(0) },
    'silent',
    'too little traffic to judge by: 0 a second',
  ],
  [
    'traffic that nobody counts',
    { max: 5, minTraffic: 1 },
    { now: value(9), traffic: value(undefined) },
    'unknown',
    'no traffic was counted yet: there is none, or the query asks for another',
  ],
  ['enough of it', { max: 5, minTraffic: 1 }, { now: value(9), traffic: value(1) }, 'bad', '9 is above 5'],
  [
    'traffic that could not be asked for',
    { max: 5, minTraffic: 1 },
    { now: value(1), traffic: { failure: 'HTTP 503' } },
    'unknown',
    'HTTP 503',
  ],
  ['a rise within reach', { maxIncreasePercent: 10 }, { now: value(110), before: value(100) }, 'good', '110'],
  [
    'a rise beyond',
    { maxIncreasePercent: 10 },
    { now: value(111), before: value(100) },
    'bad',
    '111 after 100 before the step: it may rise by 10 %',
  ],
  ['a fall within reach', { maxDecreasePercent: 1 }, { now: value(0.995), before: value(1) }, 'good', '0.995'],
  [
    'a fall beyond',
    { maxDecreasePercent: 1 },
    { now: value(0.98), before: value(1) },
    'bad',
    '0.98 after 1 before the step: it may fall by 1 %',
  ],
  ['a fall where only a rise counts', { maxIncreasePercent: 10 }, { now: value(1), before: value(100) }, 'good', '1'],
  [
    'nothing to compare with',
    { maxIncreasePercent: 10 },
    { now: value(1) },
    'silent',
    '1; nothing was measured before the step to compare with',
  ],
  ['nothing to compare with beside a bound', { maxIncreasePercent: 10, max: 5 }, { now: value(1) }, 'good', '1'],
  [
    'a measurement before that failed',
    { maxIncreasePercent: 10 },
    { now: value(1), before: { failure: 'timeout' } },
    'unknown',
    'timeout',
  ],
])('%s', (_, bounds, sample, result, text) => {
  expect(judgeQuery('gate', bounds, sample)).toEqual({ name: 'gate', result, text });
});
