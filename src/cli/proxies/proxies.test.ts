import { expect, test } from 'vitest';
import { namespaceObject, podObject, renderControlPlane } from '../../../test/builders/control-plane.ts';
import { FakeKubeApi } from '../../../test/builders/fake-kube-api.ts';
import { MANAGED_LABEL } from '../../api/our-names.ts';
import { inject } from '../../core/inject/inject.ts';
import { injectionOfMesh } from '../../core/proxies/injection-of-mesh.ts';
import { podAsCreated } from '../../core/proxies/pod-as-created.ts';
import type { JsonObject, KubeObject } from '../../core/kube-object.ts';
import { ApiError } from '../../kube/errors.ts';
import { fetchMesh } from '../mesh/fetch-mesh.ts';
import { fetchProxies } from './proxies.ts';

const REPLICA_SET: KubeObject = {
  apiVersion: 'apps/v1',
  kind: 'ReplicaSet',
  metadata: { name: 'web-5d4f', namespace: 'shop' },
  spec: { template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'app', image: 'app:1' }] } } },
};

async function cluster(): Promise<FakeKubeApi> {
  const api = new FakeKubeApi();
  const namespace = namespaceObject('shop', { 'istio-injection': 'enabled' });
  for (const object of [...renderControlPlane({}), namespace, podObject('shop', 'bare')]) api.seed(object);
  api.seed(await injectedPod(api, api.seed(REPLICA_SET)));
  return api;
}

async function injectedPod(api: FakeKubeApi, { apiVersion, kind, metadata }: KubeObject): Promise<KubeObject> {
  const { webhooks, configOf } = injectionOfMesh(await fetchMesh(api, { istioNamespace: 'istio-system' }));
  const [webhook] = webhooks;
  const config = webhook && configOf(webhook);
  if (!config || 'problem' in config) throw new Error(config?.problem ?? 'no webhook');
  const labels = { 'pod-template-hash': '5d4f' };
  const ownerReferences = [{ apiVersion, kind, name: metadata.name, uid: metadata['uid'], controller: true }];
  const empty = podObject('shop', 'web-5d4f-x', { generateName: 'web-5d4f-', labels, ownerReferences });
  const pod = podAsCreated(empty, REPLICA_SET);
  const result = pod && inject({ pod, namespace: 'shop', path: '/inject' }, config);
  if (result?.outcome !== 'injected') throw new Error('not injected');
  return {
    ...empty,
    metadata: { ...result.pod.metadata, name: 'web-5d4f-x', namespace: 'shop' },
    spec: result.pod.spec,
  };
}

const shown = async (api: FakeKubeApi): Promise<unknown> => {
  const { proxies } = await fetchProxies(api, 'istio-system');
  return proxies.map(({ pod, workload, version, revision, review }) => [
    ...[pod, `${workload.kind}/${workload.name}`, version, revision],
    review.state,
  ]);
};

test('holds each pod with a proxy to what its workload would get now', async () => {
  const api = await cluster();
  expect(await shown(api)).toEqual([['web-5d4f-x', 'Deployment/web', '1.31.4', 'default', 'current']]);

  const template = structuredClone(REPLICA_SET['spec']) as { template: { metadata: JsonObject } };
  template.template.metadata.annotations = { 'sidecar.istio.io/logLevel': 'debug' };
  api.seed({ ...REPLICA_SET, spec: template });
  expect(await shown(api)).toEqual([['web-5d4f-x', 'Deployment/web', '1.31.4', 'default', 'changed']]);
});

test('names the proxies of the installation as such, which the operator renews', async () => {
  const api = await cluster();
  const made = (kind: string, name: string, labels: Record<string, string> = {}): void => {
    const owner = api.seed({
      apiVersion: 'apps/v1',
      kind,
      metadata: { name, namespace: 'istio-system', labels },
      spec: {},
    });
    api.seed({
      ...podObject('istio-system', `${name}-x`, {
        generateName: `${name}-`,
        labels: { 'pod-template-hash': '5d4f' },
        ownerReferences: [{ apiVersion: 'apps/v1', kind, name, uid: owner.metadata['uid'], controller: true }],
      }),
      spec: { containers: [{ name: 'istio-proxy', image: 'istio/proxyv2:1.31.4' }] },
    });
  };
  made('ReplicaSet', 'by-hand-5d4f');
  made('ReplicaSet', 'istio-ingressgateway-5d4f');
  made('DaemonSet', 'ztunnel', { [MANAGED_LABEL]: 'true' });

  const { proxies } = await fetchProxies(api, 'istio-system');
  expect(proxies.map(({ workload, review }) => [workload.name, review.state])).toEqual([
    ['by-hand', 'foreign'],
    ['istio-ingressgateway', 'installed'],
    ['ztunnel', 'installed'],
    ['web', 'current'],
  ]);
});

test('without the right to read workloads compares pods with themselves, and says what it could not read', async () => {
  const api = await cluster();
  api.fault = ({ kind }) =>
    kind === 'ReplicaSet' ? new ApiError({ status: 403, reason: 'Forbidden', message: 'no' }) : undefined;
  expect(await shown(api)).toEqual([['web-5d4f-x', 'Deployment/web', '1.31.4', 'default', 'current']]);
  expect((await fetchProxies(api, 'istio-system')).unread).toEqual([{ kind: 'ReplicaSet', why: 'no' }]);
});

test('without the configuration of injection says that it cannot be told', async () => {
  const api = await cluster();
  api.fault = ({ kind }) =>
    kind === 'ConfigMap' ? new ApiError({ status: 403, reason: 'Forbidden', message: 'no' }) : undefined;
  expect(await shown(api)).toEqual([['web-5d4f-x', 'Deployment/web', '1.31.4', 'default', 'unknown']]);
});
