import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRevisionPath, revisionPath } from './revision-path.ts';

describe('revisionPath', () => {
  it.each([
    ['', 'istio-system', '', '/inject'],
    ['', 'istio-system', '/inject', '/inject'],
    ['canary', 'istio-system', '', '/inject/revision/canary'],
    ['', 'mesh', '', '/inject/revision/default/namespace/mesh'],
    ['canary', 'mesh', '/inject', '/inject/revision/canary/namespace/mesh'],
    ['canary', 'istio-system', '/inject/cluster/c/net/n', '/inject/revision/canary/cluster/c/net/n'],
    ['canary', 'istio-system', '/inject/:ENV:cluster=c', '/inject/revision/canary/:ENV:cluster=c'],
    ['canary', 'istio-system', '/inject/revision/other', '/inject/revision/other'],
    ['canary', 'istio-system', '/elsewhere', '/elsewhere'],
    ['canary', 'istio-system', '/injected', '/injected'],
  ])('revision "%s" in %s with path "%s": %s', (revision, namespace, own, expected) => {
    expect(revisionPath({ revision, namespace }, own)).toBe(expected);
  });
});

describe('parseRevisionPath', () => {
  it.each([
    ['/inject', '', 'istio-system', '/inject'],
    ['/inject/', '', 'istio-system', '/inject/'],
    ['/inject/revision/default', '', 'istio-system', '/inject'],
    ['/inject/cluster/c/net/n', '', 'istio-system', '/inject/cluster/c/net/n'],
    ['/inject/namespace/x', '', 'istio-system', '/inject/namespace/x'],
    ['/inject/revision', '', 'istio-system', '/inject/revision'],
  ])('%s', (path, revision, namespace, rest) => {
    expect(parseRevisionPath(path)).toEqual({ revision, namespace, rest });
  });

  it('gives back what a path was made of', () => {
    const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,10}$/).filter((text) => text !== 'default');
    const own = fc.constantFrom('/inject', '/inject/cluster/c', '/inject/:ENV:net=n');
    fc.assert(
      fc.property(fc.oneof(name, fc.constant('')), name, own, (revision, namespace, rest) => {
        const path = revisionPath({ revision, namespace }, rest);
        expect(parseRevisionPath(path)).toEqual({ revision, namespace, rest });
      }),
    );
  });
});
