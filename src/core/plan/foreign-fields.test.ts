import { describe, expect, it } from 'vitest';
import type { JsonObject, KubeObject } from '../kube-object.ts';
import { findForeignFields } from './foreign-fields.ts';

interface Entry {
  manager: string;
  fieldsV1: JsonObject;
  operation?: string;
  subresource?: string;
}

function live(spec: JsonObject, entries: Entry[]): KubeObject {
  const ours = { manager: 'sailwright', operation: 'Apply', fieldsV1: { 'f:spec': { 'f:replicas': {} } } };
  const managedFields = [ours, ...entries.map((entry) => ({ operation: 'Update', ...entry }))];
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'istiod', namespace: 'istio-system', managedFields },
    spec: { replicas: 2, ...spec },
  };
}

const NOTE = { 'f:spec': { 'f:note': {} } };

describe('a field of our objects', () => {
  it('is foreign when another set it, with its value', () => {
    expect(findForeignFields(live({ note: 'x' }, [{ manager: 'kubectl-edit', fieldsV1: NOTE }]))).toEqual([
      { path: '.spec.note', value: 'x', managers: ['kubectl-edit'] },
    ]);
  });

  it('is found in lists by their keys, and told once for all who hold it', () => {
    const env = { 'k:{"name":"A"}': { '.': {}, 'f:name': {}, 'f:value': {} } };
    const containers = { 'k:{"name":"discovery"}': { 'f:env': env } };
    const fieldsV1 = { 'f:spec': { 'f:containers': containers } };
    const spec = {
      containers: [{ name: 'other' }, { name: 'discovery', env: [{ name: 'B' }, { name: 'A', value: '1' }] }],
    };
    const found = findForeignFields(
      live(spec, [
        { manager: 'b', fieldsV1 },
        { manager: 'a', fieldsV1 },
      ]),
    );
    expect(found).toEqual([
      { path: '.spec.containers[name="discovery"].env[name="A"].name', value: 'A', managers: ['a', 'b'] },
      { path: '.spec.containers[name="discovery"].env[name="A"].value', value: '1', managers: ['a', 'b'] },
    ]);
  });

  it.each<[string, Entry]>([
    ['ours too', { manager: 'kubectl-edit', fieldsV1: { 'f:spec': { 'f:replicas': {} } } }],
    ['of the status', { manager: 'kubelet', subresource: 'status', fieldsV1: { 'f:status': { 'f:phase': {} } } }],
    ['of the scale', { manager: 'autoscaler', subresource: 'scale', fieldsV1: { 'f:spec': { 'f:note': {} } } }],
    ['of the status, by a writer of old', { manager: 'x', fieldsV1: { 'f:status': { 'f:phase': {} } } }],
    ['of another part of the operator', { manager: 'sailwright-ca', fieldsV1: NOTE }],
    ['of Kubernetes itself', { manager: 'kube-controller-manager', fieldsV1: NOTE }],
    ['of a former installer, which is taken over', { manager: 'helm', fieldsV1: NOTE }],
    [
      'the certificate of a webhook',
      {
        manager: 'pilot-discovery',
        fieldsV1: { 'f:webhooks': { 'k:{"name":"a"}': { 'f:clientConfig': { 'f:caBundle': {} } } } },
      },
    ],
  ])('is none that is %s', (_what, entry) => {
    expect(findForeignFields(live({ note: 'x' }, [entry]))).toEqual([]);
  });

  it('is not looked for in objects that the operator does not hold', () => {
    const object = live({ note: 'x' }, [{ manager: 'kubectl-edit', fieldsV1: NOTE }]);
    (object.metadata['managedFields'] as unknown[]).shift();
    expect(findForeignFields(object)).toEqual([]);
  });
});
