import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Json, JsonObject } from '../kube-object.ts';
import { typedStruct } from './typed-struct.ts';

const mixedCase = (text: string, upper: readonly boolean[]): string =>
  [...text].map((letter, i) => (upper[i % upper.length] ? letter.toUpperCase() : letter.toLowerCase())).join('');

const CONTAINER: JsonObject = {
  name: 'a',
  imagePullPolicy: 'Always',
  volumeMounts: [{ name: 'v', mountPath: '/v', readOnly: true }],
  livenessProbe: { httpGet: { path: '/', port: 80 }, timeoutSeconds: 2 },
  securityContext: { runAsUser: 5, capabilities: { drop: ['ALL'] } },
  resources: { limits: { cpu: '1' } },
};

describe('keys', () => {
  test('in any case fill their fields, at any depth', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 1, maxLength: 9 }), (upper) => {
        const rename = (value: Json): Json => {
          if (Array.isArray(value)) return value.map(rename);
          if (typeof value !== 'object' || value === null) return value;
          // Keys of maps are data.
          return Object.fromEntries(
            Object.entries(value).map(([key, item]) => [
              key === 'cpu' ? key : mixedCase(key, upper),
              rename(item ?? null),
            ]),
          );
        };
        expect(typedStruct(rename(CONTAINER), 'Container', 'c')).toEqual(CONTAINER);
      }),
    );
  });

  test.each<[string, JsonObject, JsonObject]>([
    ['a scalar: the later one wins', { MountPath: '/a', mountPath: '/b', name: 'v' }, { mountPath: '/b' }],
    ['a scalar: null changes nothing', { MountPath: '/v', mountPath: null, name: 'v' }, { mountPath: '/v' }],
    ['a letter that folds to an ASCII one', { name: 'v', mountPath: '/v', ſubPath: 's' }, { subPath: 's' }],
  ])('two spellings of %s', (_title, mount, expected) => {
    expect(typedStruct(mount, 'VolumeMount', 'm')).toMatchObject(expected);
  });

  test('two spellings of an object are decoded one over the other, and so are the elements of a list', () => {
    expect(
      typedStruct(
        {
          name: 'v',
          configMap: {
            name: 'a',
            items: [
              { key: 'a', path: 'p', mode: 1 },
              { key: 'b', path: 'q' },
            ],
          },
          configmap: { optional: true, Items: [{ key: 'c' }] },
        },
        'Volume',
        'v',
      ),
    ).toEqual({
      name: 'v',
      configMap: { name: 'a', optional: true, items: [{ key: 'c', path: 'p', mode: 1 }] },
    });
  });

  test('two spellings of a pointer: null clears it', () => {
    expect(typedStruct({ name: 'v', emptyDir: { medium: 'Memory' }, emptydir: null }, 'Volume', 'v')).toEqual({
      name: 'v',
    });
  });
});

describe('two spellings, the first of a wrong type', () => {
  test.each<[string, JsonObject, string]>([
    ['a scalar', { SuccessThreshold: true, successThreshold: 1 }, 'p.successThreshold: must be an integer'],
    ['inside of it', { Exec: { command: 'a' }, exec: { command: ['a'] } }, 'p.exec.command: must be a list'],
  ])('%s is refused all the same', (_title, probe, message) => {
    expect(() => typedStruct(probe, 'Probe', 'p')).toThrow(message);
  });
});

describe('values', () => {
  test.each<[string, JsonObject, string]>([
    [
      'a number beyond 32 bits',
      { ports: [{ containerPort: 2 ** 31 }] },
      'c.ports[0].containerPort: must be an integer of 32 bits',
    ],
    ['a number beyond 64 bits', { securityContext: { runAsUser: 2 ** 63 } }, 'an integer of 64 bits'],
    ['a fraction', { securityContext: { runAsUser: 1.5 } }, 'an integer of 64 bits'],
    ['a port beyond 32 bits', { livenessProbe: { httpGet: { port: 2 ** 31 } } }, 'a port number or name'],
  ])('%s is refused', (_title, container, message) => {
    expect(() => typedStruct({ name: 'a', ...container }, 'Container', 'c')).toThrow(message);
  });

  test('a user id may have more than 32 bits', () => {
    const context = { runAsUser: 2 ** 40 };
    expect(typedStruct(context, 'SecurityContext', 's')).toBe(context);
  });

  test.each([
    ['2026-01-31T08:00:00Z', true],
    ['2026-01-31T08:00:00.5+02:00', true],
    ['2026-01-31', false],
    ['soon', false],
  ])('the time %s is taken: %s', (creationTimestamp, taken) => {
    const decode = (): JsonObject => typedStruct({ creationTimestamp }, 'ObjectMeta', 'metadata');
    if (taken) expect(decode()).toEqual({ creationTimestamp });
    else expect(decode).toThrow('metadata.creationTimestamp: must be a time');
  });

  test('a quantity may stand between blanks', () => {
    expect(typedStruct({ limits: { cpu: ' 1000m ' } }, 'ResourceRequirements', 'r')).toEqual({ limits: { cpu: '1' } });
  });
});
