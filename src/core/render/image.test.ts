import { expect, it } from 'vitest';
import { imageReference } from './image.ts';

const values = { global: { hub: 'hub', tag: '1.31.4', variant: '' } };

it.each([
  [{ image: 'pilot' }, 'hub/pilot:1.31.4'],
  [{ image: 'pilot', hub: 'mine', tag: 1.3 }, 'mine/pilot:1.3'],
  [{ image: 'pilot', variant: 'debug' }, 'hub/pilot:1.31.4-debug'],
  [{ image: 'other/x:1', hub: 'mine', variant: 'debug' }, 'other/x:1'],
])('%j gives %s', (settings, reference) => {
  expect(imageReference(values, settings)).toBe(reference);
});

it('takes the variant of the mesh when the component has none', () => {
  expect(imageReference({ global: { hub: 'h', tag: 't', variant: 'distroless' } }, { image: 'x' })).toBe(
    'h/x:t-distroless',
  );
});
