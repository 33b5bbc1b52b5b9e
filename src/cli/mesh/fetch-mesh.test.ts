import { expect, test } from 'vitest';
import { namespaceObject, OWNER, podObject, renderControlPlane } from '../../../test/builders/control-plane.ts';
import { FakeKubeApi } from '../../../test/builders/fake-kube-api.ts';
import { ApiError } from '../../kube/errors.ts';
import { KIND } from '../../core/analyze/kinds.ts';
import { fetchMesh } from './fetch-mesh.ts';

const QUESTION = { istioNamespace: 'istio-system' };

function cluster(): FakeKubeApi {
  const api = new FakeKubeApi();
  const resource = { apiVersion: 'install.istio.io/v1alpha1', kind: 'IstioOperator', metadata: OWNER, spec: {} };
  const pod = podObject('shop', 'web', { creationTimestamp: '2026-01-01T00:00:00Z' });
  const secret = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'key', namespace: 'shop' },
    data: { a: 'YQ==' },
  };
  const rendered = renderControlPlane({}).filter(({ kind }) => /ConfigMap|WebhookConfiguration/.test(kind));
  for (const object of [...rendered, namespaceObject('shop'), resource, pod, secret]) api.seed(object);
  return api;
}

test('reads what commands tell of, and no Secrets', async () => {
  const mesh = await fetchMesh(cluster(), QUESTION);

  expect(mesh.installations.map(({ metadata }) => metadata.name)).toEqual(['istio']);
  expect(mesh.pods.map(({ metadata }) => metadata)).toEqual([
    expect.objectContaining({ name: 'web', namespace: 'shop', creationTimestamp: '2026-01-01T00:00:00Z' }),
  ]);
  expect([...mesh.namespaces.keys()]).toEqual(['shop']);
  expect(mesh.readers).toEqual([{ revision: '', release: '1.31.4' }]);
  expect(mesh.webhooks.map(({ configuration }) => configuration)).toContain('istio-sidecar-injector');
  expect(mesh.resources.map(({ kind }) => kind)).toContain(KIND.meshConfig);
  expect(mesh.objects.map(({ kind }) => kind)).not.toContain('Secret');
  expect(mesh.unread).toEqual([]);
});

test('tells which kinds the rights do not show, and goes on without them', async () => {
  const api = cluster();
  api.fault = ({ kind }) =>
    ['Pod', 'IstioOperator'].includes(kind)
      ? new ApiError({ status: 403, reason: 'Forbidden', message: `${kind} is forbidden` })
      : undefined;

  const { pods, unread, namespaces } = await fetchMesh(api, QUESTION);

  expect(pods).toEqual([]);
  expect([...namespaces.keys()]).toEqual(['shop']);
  expect(unread).toEqual(
    expect.arrayContaining([
      { kind: 'Pod', why: 'Pod is forbidden' },
      { kind: 'IstioOperator', why: 'IstioOperator is forbidden' },
    ]),
  );
});

test('an API server that fails is no empty mesh', async () => {
  const api = cluster();
  api.fault = ({ kind }) =>
    kind === 'Pod' ? new ApiError({ status: 500, reason: 'InternalError', message: 'broken' }) : undefined;

  await expect(fetchMesh(api, QUESTION)).rejects.toThrow('broken');
});

test('reads no more kinds than are asked for', async () => {
  const api = cluster();
  const read: string[] = [];
  api.fault = ({ kind }) => void read.push(kind);

  await fetchMesh(api, { ...QUESTION, kinds: [KIND.pod] });

  expect(read.sort()).toEqual(['IstioOperator', 'Pod']);
});
