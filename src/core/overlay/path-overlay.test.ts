import { describe, expect, test } from 'vitest';
import type { Json, JsonObject } from '../kube-object.ts';
import { overlayPaths } from './path-overlay.ts';

const object: JsonObject = {
  metadata: { annotations: { 'prometheus.io/port': '15014', keep: 'x' } },
  spec: {
    replicas: 1,
    containers: [
      { name: 'discovery', image: 'pilot', args: ['discovery', '--keepalive', '30m'] },
      { name: 'other', image: 'other' },
    ],
  },
};

interface Shape {
  metadata: { annotations: Record<string, Json> };
  spec: { replicas: Json; containers: { name: string; image: Json; args: Json[] }[]; [field: string]: unknown };
}

function overlay(...patches: { path: string; value?: Json }[]): Shape {
  const changed = structuredClone(object);
  expect(overlayPaths(changed, patches)).toEqual([]);
  return changed as unknown as Shape;
}

describe('overlayPaths', () => {
  test('sets a scalar, a map and a list', () => {
    expect(overlay({ path: 'spec.replicas', value: 3 }).spec.replicas).toBe(3);
    expect(overlay({ path: 'spec.new.deep', value: { a: [1] } }).spec.new).toEqual({ deep: { a: [1] } });
  });

  test.each([
    ['[name:discovery]', 0],
    ['[1]', 1],
  ])('finds a list element by %s', (selector, index) => {
    const { containers } = overlay({ path: `spec.containers.${selector}.image`, value: 'mine' }).spec;
    expect(containers.map((container) => container.image)).toEqual(index === 0 ? ['mine', 'other'] : ['pilot', 'mine']);
  });

  test.each(['[-1]', '[9]'])('appends one element at %s', (selector) => {
    const { containers } = overlay({ path: `spec.containers.${selector}`, value: { name: 'third' } }).spec;
    expect(containers.map((container) => container.name)).toEqual(['discovery', 'other', 'third']);
  });

  test.each(['[30m]', '[:30m]', '[:30.*]'])('finds a plain value by the expression %s', (selector) => {
    const path = `spec.containers.[name:discovery].args.${selector.replaceAll('.', '\\.')}`;
    expect(overlay({ path, value: '99m' }).spec.containers[0]?.args).toEqual(['discovery', '--keepalive', '99m']);
  });

  test('deletes a key with a dot in its name, and a list element', () => {
    const changed = overlay(
      { path: 'metadata.annotations.prometheus\\.io/port' },
      { path: 'spec.containers.[name:other]', value: null },
    );
    expect(changed.metadata.annotations).toEqual({ keep: 'x' });
    expect(changed.spec.containers).toHaveLength(1);
  });

  test('turns text that is a YAML map into the map', () => {
    expect(overlay({ path: 'metadata.annotations.note', value: 'key: value' }).metadata.annotations.note).toEqual({
      key: 'value',
    });
    expect(overlay({ path: 'metadata.annotations.note', value: '{"a": 1}' }).metadata.annotations.note).toBe(
      '{"a": 1}',
    );
  });

  test('replaces a list of the object, but adds to a list that a patch brought in', () => {
    expect(overlay({ path: 'spec.containers.[name:discovery].args', value: '--one' }).spec.containers[0]?.args).toBe(
      '--one',
    );
    const grown = overlay({ path: 'spec.list', value: { inner: ['a'] } }, { path: 'spec.list.inner', value: 'b' });
    expect(grown.spec.list).toEqual({ inner: ['a', 'b'] });
  });

  test('names a patch that found nothing and leaves the object as it was', () => {
    const same = structuredClone(object);
    const failures = overlayPaths(same, [
      { path: 'spec.containers.[name:absent].image', value: 'x' },
      { path: `spec${'.a'.repeat(100)}`, value: 'x' },
      { path: 'spec.replicas.deep', value: 1 },
    ]);
    expect(same).toEqual(object);
    expect(failures.map(({ index, message }) => [index, message])).toEqual([
      [0, 'no element of the list matches [name:absent]'],
      [1, 'the path has more than 100 elements'],
      [2, '"deep" would lie below the plain value 1'],
    ]);
  });
});
