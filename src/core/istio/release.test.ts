import { describe, expect, it } from 'vitest';
import { findRelease } from './find-release.ts';
import { ISTIO_VERSIONS } from './registry.ts';

describe('text of annotations is quoted', () => {
  it.each([
    ['1.30.8', false],
    ['1.31.0', false],
    ['v1.31.0', false],
    ['1.31.0-rc.4', false],
    ['1.31.0-distroless', false],
    ['1.31.1', true],
    ['1.31.1-rc.0', true],
    ['1.31.4', true],
    ['1.31.10', true],
    ['1.32.0', true],
    // Builds of one's own are like the newest.
    ['latest', true],
    ['', true],
    ['1.31', true],
    ['1.31.0.1', true],
  ])('in release %j: %s', (release, quotesAnnotations) => {
    expect(findRelease(release).traits.quotesAnnotations).toBe(quotesAnnotations);
  });
});

describe('a release', () => {
  it.each([
    ['1.30', '1.30.8'],
    ['1.30.2', '1.30.2'],
    ['v1.30.2-distroless', '1.30.2'],
    ['1.29.1', '1.31.4'],
    ['latest', '1.31.4'],
  ])('named %j is %s', (asked, name) => {
    expect(findRelease(asked).name).toBe(name);
  });
});

describe('versions', () => {
  it('stand from the newest to the oldest, without a gap', () => {
    const numbers = ISTIO_VERSIONS.map(({ minor }) => Number(minor.split('.')[1]));
    expect(numbers).toEqual(numbers.map((_, i) => (numbers[0] ?? 0) - i));
  });

  it('have a newest patch of their own minor', () => {
    for (const { minor, defaultTag } of ISTIO_VERSIONS) expect(defaultTag).toMatch(new RegExp(`^${minor}\\.\\d+$`));
  });

  it('keep the behaviour of each minor before them that is known', () => {
    for (const [i, { compatibilityVersions }] of ISTIO_VERSIONS.entries()) {
      const older = ISTIO_VERSIONS.slice(i + 1).map(({ minor }) => minor);
      expect(Object.keys(compatibilityVersions)).toEqual(expect.arrayContaining(older));
    }
  });
});
