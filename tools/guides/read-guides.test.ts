import { expect, it } from 'vitest';
import { readGuides } from './read-guides.ts';

it('every block of every guide is run, or says why not', () => {
  expect(readGuides().flatMap(({ steps }) => steps).length).toBeGreaterThan(50);
});
