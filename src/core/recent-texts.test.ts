import { expect, test } from 'vitest';
import { RecentTexts } from './recent-texts.ts';

const LIMITS = { texts: 64, length: 1024 };

test('makes something of a text once, and of each text by itself', () => {
  const texts = new RecentTexts<{ of: string }>(LIMITS);
  const asked: string[] = [];
  const make = (text: string): { of: string } => {
    asked.push(text);
    return { of: text };
  };
  expect(['a', 'b', 'a', 'b'].map((text) => texts.of(text, make).of)).toEqual(['a', 'b', 'a', 'b']);
  expect(asked).toEqual(['a', 'b']);
});

test('forgets the oldest of many texts, one long one, and no failure', () => {
  const texts = new RecentTexts<number>(LIMITS);
  let made = 0;
  const make = (): number => (made += 1);
  for (let i = 0; i < 65; i += 1) texts.of(`text ${i}`, make);
  expect([texts.of('text 1', make), texts.of('text 0', make)]).toEqual([2, 66]);
  const [long, other] = ['x'.repeat(2000), 'y'.repeat(2000)];
  expect([long, long, other, long].map((text) => texts.of(text, make))).toEqual([67, 67, 68, 69]);
  const fail = (): number => {
    throw new Error('no');
  };
  expect(() => texts.of('bad', fail)).toThrow('no');
  expect(texts.of('bad', make)).toBe(made);
});
