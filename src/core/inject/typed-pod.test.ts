import { describe, expect, test } from 'vitest';
import type { Json, JsonObject } from '../kube-object.ts';
import { goJson, goStructJson } from './go-json.ts';
import { typedPod } from './typed-pod.ts';

const pod = (container: JsonObject, spec: JsonObject = {}): { metadata: object; spec: JsonObject } => ({
  metadata: {},
  spec: { ...spec, containers: [container] },
});

describe('the form in which Kubernetes writes a pod', () => {
  test('empty optional fields go, resources come, quantities are canonical', () => {
    const typed = typedPod(
      pod({
        name: 'a',
        args: [],
        stdin: false,
        env: [{ name: 'A', value: '' }],
        resources: { limits: { cpu: '2000m' } },
        securityContext: { privileged: false },
      }),
    );
    expect(typed.spec).toEqual({
      containers: [
        {
          name: 'a',
          env: [{ name: 'A' }],
          resources: { limits: { cpu: '2' } },
          securityContext: { privileged: false },
        },
      ],
    });
  });
  test('what has that form is not copied', () => {
    const input = pod({ name: 'a', resources: {} });
    expect(typedPod(input)).toBe(input);
  });
  test('fields of a newer Kubernetes stay', () => {
    expect(typedPod(pod({ name: 'a', resources: {}, brandNew: [1] }, { alsoNew: true })).spec).toMatchObject({
      alsoNew: true,
      containers: [{ brandNew: [1] }],
    });
  });
  test('null counts as absent, but a pointer that is always written stays null', () => {
    const { spec } = typedPod(pod({ name: 'a', command: null, livenessProbe: { grpc: { port: 1 } }, resources: {} }));
    expect(spec['containers']).toEqual([
      { name: 'a', livenessProbe: { grpc: { port: 1, service: null } }, resources: {} },
    ]);
  });
  test.each<[string, Json, string]>([
    ['a boolean for a name', { name: 'a', env: [{ name: true }] }, 'spec.containers[0].env[0].name'],
    ['text for a list', { name: 'a', args: 'x' }, 'spec.containers[0].args'],
    ['text for a number', { name: 'a', ports: [{ containerPort: '80' }] }, 'spec.containers[0].ports[0].containerPort'],
    ['no quantity', { name: 'a', resources: { limits: { cpu: 'lots' } } }, 'spec.containers[0].resources.limits.cpu'],
    ['a list for an object', [], 'spec.containers[0]'],
  ])('%s is refused with its path', (_title, container, path) => {
    expect(() => typedPod(pod(container as JsonObject))).toThrow(path);
  });
});

describe("Go's JSON text", () => {
  test('a struct: fields in order, maps sorted, < > & escaped', () => {
    const container = { resources: { limits: { memory: '1Gi', cpu: '1' } }, args: ['<a> & b'], name: 'c', unknown: 1 };
    expect(goStructJson(container, 'Container')).toBe(
      '{"name":"c","args":["\\u003ca\\u003e \\u0026 b"],"resources":{"limits":{"cpu":"1","memory":"1Gi"}}}',
    );
  });
  test('a map: keys in the order of code points', () => {
    expect(goJson({ b: 1, '\u{1f600}': 2, '\uffff': 3, B: { z: 1, a: 2 } })).toBe(
      '{"B":{"a":2,"z":1},"b":1,"\uffff":3,"\u{1f600}":2}',
    );
  });
});
