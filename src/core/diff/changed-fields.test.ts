import { expect, it } from 'vitest';
import type { KubeObject } from '../kube-object.ts';
import { listChangedFields } from './changed-fields.ts';

const object = (spec: object, labels: Record<string, string> = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'a', labels },
  spec,
});

it.each<[title: string, before: KubeObject, after: KubeObject, fields: string[]]>([
  ['nothing', object({ a: 1 }), object({ a: 1 }), []],
  ['a field', object({ a: { b: 1, c: 2 } }), object({ a: { b: 2, c: 2 } }), ['spec.a.b']],
  ['a field that comes and one that goes', object({ a: 1 }), object({ b: 1 }), ['spec.a', 'spec.b']],
  ['labels as a whole', object({}, { a: '1', b: '1' }), object({}, { a: '2' }), ['metadata.labels']],
  [
    'an item by its name',
    object({
      ports: [
        { name: 'x', port: 1 },
        { name: 'y', port: 1 },
      ],
    }),
    object({
      ports: [
        { name: 'x', port: 1 },
        { name: 'y', port: 2 },
      ],
    }),
    ['spec.ports[y].port'],
  ],
  ['a list of other items', object({ ports: [{ name: 'x' }] }), object({ ports: [{ name: 'y' }] }), ['spec.ports']],
  ['a list without names', object({ args: ['a'] }), object({ args: ['b'] }), ['spec.args']],
])('finds %s', (_, before, after, fields) => {
  expect(listChangedFields(before, after)).toEqual(fields);
});
