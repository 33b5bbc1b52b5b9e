import { describe, expect, it } from 'vitest';
import { POLICY_MANAGER } from '../../api/our-names.ts';
import type { KubeObject } from '../kube-object.ts';
import { cedeFields, computeAutoscaled } from './ceded-fields.ts';

const REPLICAS = { 'f:spec': { 'f:replicas': {} } };
const deployment = (replicas: number | undefined, managedFields: unknown[] = []): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'gw', namespace: 'ns', managedFields },
  spec: { paused: false, ...(replicas === undefined ? {} : { replicas }) },
});
const autoscaler: KubeObject = {
  apiVersion: 'autoscaling/v2',
  kind: 'HorizontalPodAutoscaler',
  metadata: { name: 'gw', namespace: 'ns' },
  spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'gw' } },
};
const ours = { manager: 'sailwright', operation: 'Apply', fieldsV1: REPLICAS };
const scaler = { manager: 'kube-controller-manager', operation: 'Update', subresource: 'scale', fieldsV1: REPLICAS };

describe('replicas', () => {
  const cases: [title: string, wanted: number | undefined, live: KubeObject, scaled: boolean, result: unknown][] = [
    ['are ours without an autoscaler', 3, deployment(5, [ours]), false, 3],
    ['are left to the autoscaler that set them', 3, deployment(5, [scaler]), true, undefined],
    ['are held at the live count until the autoscaler takes them', undefined, deployment(5, [ours]), true, 5],
    ['are let go once it has', undefined, deployment(5, [ours, scaler]), true, undefined],
  ];
  it.each(cases)('%s', (...[, wanted, live, scaled, result]) => {
    const autoscaled = computeAutoscaled(scaled ? [autoscaler] : []);
    const ceded = cedeFields(deployment(wanted), live, autoscaled);
    expect((ceded['spec'] as { replicas?: number }).replicas).toBe(result);
  });
});

describe('webhooks', () => {
  const webhook = (kind: string, fields: unknown): KubeObject => ({
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind,
    metadata: {
      name: 'x',
      managedFields: [
        { manager: 'pilot-discovery', operation: 'Update', fieldsV1: { 'f:webhooks': { 'k:{"name":"a"}': fields } } },
      ],
    },
    webhooks: [
      { name: 'a', failurePolicy: 'Ignore', clientConfig: { caBundle: '', service: { name: 's' } } },
      { name: 'b', failurePolicy: 'Ignore', clientConfig: { caBundle: '' } },
    ],
  });
  it('lose only what another manager holds, and only of that webhook', () => {
    const live = webhook('ValidatingWebhookConfiguration', {
      'f:failurePolicy': {},
      'f:clientConfig': { 'f:caBundle': {} },
    });
    expect(cedeFields(live, live, new Map())['webhooks']).toEqual([
      { name: 'a', clientConfig: { service: { name: 's' } } },
      { name: 'b', failurePolicy: 'Ignore', clientConfig: { caBundle: '' } },
    ]);
  });

  it('keep the failurePolicy of a mutating webhook', () => {
    const live = webhook('MutatingWebhookConfiguration', { 'f:failurePolicy': {} });
    expect(cedeFields(live, live, new Map())).toEqual(live);
  });

  it('cede the failurePolicy of a mutating webhook to whoever proved it', () => {
    const text = JSON.stringify(webhook('MutatingWebhookConfiguration', { 'f:failurePolicy': {} }));
    const live = JSON.parse(text.replace('pilot-discovery', POLICY_MANAGER)) as KubeObject;
    expect(cedeFields(live, live, new Map())['webhooks']).toMatchObject([
      { name: 'a', clientConfig: { service: { name: 's' } } },
      { name: 'b', failurePolicy: 'Ignore' },
    ]);
    expect(cedeFields(live, live, new Map())['webhooks']).not.toHaveProperty('0.failurePolicy');
  });
});
