import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../kube-object.ts';
import { PatchError, strategicMerge } from './strategic-merge.ts';

const names = (list: unknown): string[] => (list as { name: string }[]).map((item) => item.name);

function withEnv(...env: JsonObject[]): JsonObject {
  return { spec: { template: { spec: { containers: [{ name: 'discovery', env }] } } } };
}

function envOf(object: JsonObject): unknown {
  const path = object as { spec: { template: { spec: { containers: { env: unknown }[] } } } };
  return path.spec.template.spec.containers[0]?.env;
}

describe('strategicMerge', () => {
  test('merges environment variables by name and interleaves the others as apimachinery does', () => {
    const live = withEnv(
      { name: 'REVISION', value: 'default' },
      { name: 'PILOT_CERT_PROVIDER', value: 'istiod' },
      { name: 'POD_NAME', value: 'x' },
    );
    const patch = withEnv({ name: 'A', value: '1' }, { name: 'PILOT_CERT_PROVIDER', value: 'own' }, { name: 'FROMF' });
    const merged = strategicMerge(live, patch, 'Deployment');
    expect(names(envOf(merged))).toEqual(['A', 'REVISION', 'PILOT_CERT_PROVIDER', 'FROMF', 'POD_NAME']);
    expect(envOf(merged)).toContainEqual({ name: 'PILOT_CERT_PROVIDER', value: 'own' });
  });

  test('takes a list as it is where none was before, elements with the same key included', () => {
    const patch = withEnv({ name: 'A', value: '1' }, { name: 'B', $patch: 'delete' }, { name: 'A', value: null });
    const merged = strategicMerge(
      { spec: { template: { spec: { containers: [{ name: 'discovery' }] } } } },
      patch,
      'Deployment',
    );
    expect(envOf(merged)).toEqual([{ name: 'A', value: '1' }, { name: 'A' }]);
  });

  test('deletes with null and with $patch: delete', () => {
    const live = withEnv({ name: 'A', value: '1' }, { name: 'B', value: '2' });
    const merged = strategicMerge(
      { ...live, metadata: { annotations: { a: '1', b: '2' } } },
      {
        ...withEnv({ name: 'A', $patch: 'delete' }),
        metadata: { annotations: { a: null } },
      },
      'Deployment',
    );
    expect(names(envOf(merged))).toEqual(['B']);
    expect(merged.metadata).toEqual({ annotations: { b: '2' } });
  });

  test('replaces a list without merge key, and a map marked $patch: replace', () => {
    const live = { spec: { template: { spec: { tolerations: [{ key: 'a' }], nodeSelector: { a: '1' } } } } };
    const patch = {
      spec: { template: { spec: { tolerations: [{ key: 'b' }], nodeSelector: { $patch: 'replace', b: '2' } } } },
    };
    expect(strategicMerge(live, patch, 'DaemonSet')).toEqual({
      spec: { template: { spec: { tolerations: [{ key: 'b' }], nodeSelector: { b: '2' } } } },
    });
  });

  test('merges Service ports by port number', () => {
    const live = {
      spec: {
        ports: [
          { port: 80, name: 'http' },
          { port: 443, name: 'https' },
        ],
      },
    };
    const merged = strategicMerge(live, { spec: { ports: [{ port: 443, nodePort: 30443 }] } }, 'Service');
    expect(merged.spec).toEqual({
      ports: [
        { port: 80, name: 'http' },
        { port: 443, name: 'https', nodePort: 30443 },
      ],
    });
  });

  test('drops nulls of a value that is new', () => {
    expect(strategicMerge({}, { spec: { a: null, b: { c: null, d: 1 } } }, 'Service')).toEqual({
      spec: { b: { d: 1 } },
    });
  });

  test('refuses an element without its merge key', () => {
    expect(() => strategicMerge(withEnv(), withEnv({ value: '1' }), 'Deployment')).toThrow(PatchError);
  });

  test('leaves its arguments as they are', () => {
    const live = withEnv({ name: 'A', value: '1' });
    const before = JSON.stringify(live);
    strategicMerge(live, withEnv({ name: 'A', value: '2' }), 'Deployment');
    expect(JSON.stringify(live)).toBe(before);
  });

  const spec = (fields: JsonObject): JsonObject => ({ spec: fields });
  const containers = (...list: string[]): JsonObject[] => list.map((name) => ({ name }));

  test.each<[string, JsonObject, JsonObject, JsonObject]>([
    [
      'a map with a directive, where none was, is none',
      {},
      { securityContext: { $patch: 'replace', runAsUser: 5 }, dnsPolicy: 'None' },
      { dnsPolicy: 'None' },
    ],
    [
      'the same in an element that is new stays without it',
      { containers: containers('a') },
      { containers: [{ name: 'b', securityContext: { $patch: 'replace', runAsUser: 5 } }] },
      { containers: [{ name: 'b', securityContext: { runAsUser: 5 } }, { name: 'a' }] },
    ],
    [
      'an order without a list orders what is there',
      { containers: containers('a', 'b', 'c') },
      { '$setElementOrder/containers': containers('c', 'a') },
      { containers: containers('b', 'c', 'a') },
    ],
    [
      'an order with a list orders both',
      { containers: containers('a', 'b') },
      { '$setElementOrder/containers': containers('n', 'b', 'a'), containers: containers('n') },
      { containers: containers('n', 'b', 'a') },
    ],
    [
      'two elements of one name that are new',
      { containers: containers('a') },
      {
        containers: [
          { name: 'b', $retainKeys: ['name'] },
          { name: 'b', image: 'x' },
        ],
      },
      { containers: [{ name: 'b', image: 'x' }, { name: 'a' }] },
    ],
    ['keys that are retained', { a: 1, b: 2 }, { $retainKeys: ['b', 'c'], c: 3 }, { b: 2, c: 3 }],
    [
      'a key that is null is one in a pod',
      { volumes: containers('a') },
      { volumes: [{ name: null }] },
      {
        volumes: [{}, { name: 'a' }],
      },
    ],
  ])('%s', (_title, live, patch, merged) => {
    expect(strategicMerge(spec(live), spec(patch), 'Pod')).toEqual(spec(merged));
  });

  test.each<[string, JsonObject, JsonObject, string]>([
    ['$patch: merge', { a: { b: 1 } }, { a: { $patch: 'merge' } }, '$patch must be delete or replace'],
    ['an unknown directive in a list', { containers: [] }, { containers: [{ name: 'a', $patch: 'x' }] }, 'not "x"'],
    ['an order of no list', { containers: null }, { '$setElementOrder/containers': containers('a') }, 'must be a list'],
    [
      'an order that leaves out an element of the patch',
      {},
      { '$setElementOrder/containers': containers('a'), containers: containers('b') },
      'does not name every element of containers',
    ],
    ['a key that is set and not retained', { a: 1 }, { $retainKeys: ['a'], b: 1 }, '$retainKeys: must name b'],
    [
      'a live element without its key',
      { imagePullSecrets: [{}] },
      { imagePullSecrets: containers('a') },
      'has no name',
    ],
  ])('refuses %s', (_title, live, patch, message) => {
    expect(() => strategicMerge(spec(live), spec(patch), 'Pod')).toThrow(PatchError);
    expect(() => strategicMerge(spec(live), spec(patch), 'Pod')).toThrow(message);
  });
});
