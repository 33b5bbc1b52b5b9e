import { describe, expect, it } from 'vitest';
import { findReleaseProblems, type ReleaseInput } from './find-release-problems.ts';

const GOOD: ReleaseInput = {
  version: '1.2.3',
  changelog: '# Changelog\n\n## Unreleased\n\n## 1.2.3, 2026-11-28\n\n- a\n\n## 1.2.2, 2026-10-01\n',
  texts: { 'README.md': 'npm run image -- --name REGISTRY/sailwright:1.2.3', 'kustomization.yaml': 'newTag: 1.2.3' },
  gitStatus: '',
};

describe('a release', () => {
  it('has no problems when all agree', () => {
    expect(findReleaseProblems(GOOD)).toEqual([]);
  });

  it.each<[what: string, change: Partial<ReleaseInput>, expected: RegExp]>([
    ['a version of another form', { version: '1.2' }, /package\.json: version 1\.2 /],
    ['a changelog that does not name it', { changelog: '## Unreleased\n\n## 1.2.2, 2026-10-01\n' }, /"## 1\.2\.3, /],
    ['a changelog without a place for the next', { changelog: '## 1.2.3, 2026-11-28\n' }, /must begin with/],
    ['a file that names an older one', { texts: { 'README.md': 'sailwright:1.2.2' } }, /README\.md: names 1\.2\.2/],
    [
      'an archive of an older one',
      { texts: { a: 'oci-archive:dist/image/sailwright-1.2.2-linux-amd64.tar' } },
      /a: names 1/,
    ],
    ['changes that are not committed', { gitStatus: ' M src/main.ts\n' }, /not committed/],
  ])('is held by %s', (_what, change, expected) => {
    expect(findReleaseProblems({ ...GOOD, ...change }).join('\n')).toMatch(expected);
  });
});
