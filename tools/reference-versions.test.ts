import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { DEFAULT_VERSION, ISTIO_VERSIONS } from '../src/core/istio/registry.ts';

it('docs/reference/istio-versions.md lists exactly the minors that there are', () => {
  const page = readFileSync(join(import.meta.dirname, '../docs/reference/istio-versions.md'), 'utf8');
  const listed = [...page.matchAll(/^\| (\d+\.\d+) \| ([\d.]+) \| (\w+) \| (.+) \|$/gm)].map((row) => row.slice(1));
  const stateOf = (version: (typeof ISTIO_VERSIONS)[number]): string => {
    if (version.isPreview) return 'preview';
    return version === DEFAULT_VERSION ? 'default' : 'supported';
  };
  const known = ISTIO_VERSIONS.map((version) => [
    version.minor,
    version.defaultTag,
    stateOf(version),
    version.support.ends,
  ]);
  expect(listed).toEqual(known);
});
