import { describe, expect, it } from 'vitest';

import { parseNodes } from './node-count.ts';

describe('parseNodes', () => {
  it.each([
    ['3', 3],
    ['real:2', { real: 2 }],
  ])('reads %s', (text, nodes) => {
    expect(parseNodes(text)).toEqual(nodes);
  });

  it.each(['', '0', 'real', 'real:', 'real:0', 'two', 'real:2,kwok:1', '-1'])(
    'refuses %j and says how to ask',
    (text) => {
      expect(() => parseNodes(text)).toThrow(`--nodes ${text}: give a number of simulated nodes, such as 3, or`);
    },
  );
});
