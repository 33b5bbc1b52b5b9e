import { expect, it } from 'vitest';
import { slimForAnalysis } from './slim-object.ts';

const pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name: 'web',
    namespace: 'shop',
    labels: { app: 'web' },
    annotations: { 'sidecar.istio.io/inject': 'true', 'example.com/notes': 'x'.repeat(20_000) },
    managedFields: [{ manager: 'kubelet' }],
  },
  spec: {
    serviceAccountName: 'web',
    nodeName: 'a',
    volumes: [{ name: 'v' }],
    containers: [{ name: 'web', image: 'web:1', env: [{ name: 'A', value: 'b' }], volumeMounts: [{ name: 'v' }] }],
    initContainers: [{ name: 'istio-proxy', image: 'proxyv2', restartPolicy: 'Always', args: ['proxy'] }],
  },
  status: { phase: 'Running', podIP: '10.0.0.1' },
};

it('keeps of a pod what analysis reads', () => {
  expect(slimForAnalysis(pod)).toEqual({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: 'web',
      namespace: 'shop',
      labels: { app: 'web' },
      annotations: { 'sidecar.istio.io/inject': 'true' },
    },
    spec: {
      serviceAccountName: 'web',
      nodeName: 'a',
      containers: [{ name: 'web', image: 'web:1' }],
      initContainers: [{ name: 'istio-proxy', image: 'proxyv2', restartPolicy: 'Always' }],
    },
    status: { phase: 'Running' },
  });
});

it('keeps spec and status of all others', () => {
  const service = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'a' }, spec: { ports: [] }, status: { x: 1 } };
  expect(slimForAnalysis({ ...service, metadata: { ...service.metadata, uid: '1' } })).toEqual(service);
});
