import type { JsonObject } from '../src/core/kube-object.ts';

/** The AdmissionReview of two versions of a service by header, with retries. */
export function virtualServiceReview(): JsonObject & { request: { object: JsonObject } } {
  const route = [
    { destination: { host: 'shop', subset: 'v1' }, weight: 90 },
    { destination: { host: 'shop', subset: 'v2' }, weight: 10 },
  ];
  const match = [{ uri: { prefix: '/api' }, headers: { 'x-group': { regex: '(beta|staff)-.*' } } }];
  const object = {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: { name: 'shop', namespace: 'default' },
    spec: {
      hosts: ['shop'],
      http: [{ match, route, timeout: '5s', retries: { attempts: 3, perTryTimeout: '2s', retryOn: '5xx' } }, { route }],
    },
  };
  const request = { uid: '00000000-0000-4000-8000-000000000002', operation: 'CREATE', namespace: 'default', object };
  return { kind: 'AdmissionReview', apiVersion: 'admission.k8s.io/v1', request };
}
