import { describe, expect, it } from 'vitest';
import { ISTIO_1_31 } from './istio-1.31/index.ts';
import { patchTraitsOf } from './patch-traits.ts';

describe('what a patch release does', () => {
  it.each([
    ['1.31.0', false],
    ['v1.31.0', false],
    ['1.31.0-rc.4', false],
    ['1.31.0-distroless', false],
    ['1.31.1', true],
    ['1.31.1-rc.0', true],
    ['1.31.4', true],
    ['1.31.10', true],
    // Builds of one's own follow the newest release.
    ['1.31', true],
    ['1.31.0.1', true],
    ['1.0.0', true],
    ['latest', true],
    ['', true],
    [undefined, true],
  ])('%s quotes annotations: %s', (release, quotesAnnotations) => {
    expect(patchTraitsOf(ISTIO_1_31, release)).toEqual({ quotesAnnotations });
  });
});
