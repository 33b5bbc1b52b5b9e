import { expect, test } from 'vitest';
import { FakeKubeApi } from '../../../test/builders/fake-kube-api.ts';
import { controlPlane, istioOperator, namespace, object, pod } from '../../../test/builders/small-mesh.ts';
import { collectBugReport } from './collect.ts';

const PLANTED = 'x9planted9x';
const JWT = `eyJhbGciOi.${PLANTED}.x`;

/** A mesh in which secrets stand wherever people put them. */
function cluster(): FakeKubeApi {
  const api = new FakeKubeApi();
  const operator = istioOperator('mesh', { status: 'ERROR' });
  const leaky = pod({
    namespace: 'shop',
    of: 'web',
    proxy: 'default@1.31.4',
    annotations: { note: `Bearer ${PLANTED}` },
  });
  const [container] = (leaky['spec'] as { containers: object[] }).containers;
  Object.assign(container as object, { env: [{ name: 'ANY', value: PLANTED }], args: [PLANTED] });
  const applied = { 'kubectl.kubernetes.io/last-applied-configuration': PLANTED };
  const deployment = object('apps/v1', 'Deployment', 'istio-system/istiod-x', {
    template: { spec: { containers: [{ name: 'discovery', env: [{ name: 'CA_TOKEN', value: PLANTED }] }] } },
  });
  for (const each of [
    ...controlPlane('', '1.31.4'),
    {
      ...operator,
      metadata: { ...operator.metadata, annotations: applied },
      spec: { values: { pilot: { env: { API_TOKEN: PLANTED } } } },
    },
    namespace('shop', { 'istio-injection': 'enabled' }),
    leaky,
    { ...deployment, metadata: { ...deployment.metadata, annotations: applied } },
    object('v1', 'Secret', 'istio-system/cacerts', {}),
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings', namespace: 'shop' }, data: { any: PLANTED } },
    { ...object('v1', 'Event', 'istio-system/e', {}), message: `pull failed: https://me:${PLANTED}@registry.example` },
    object('extensions.istio.io/v1alpha1', 'WasmPlugin', 'shop/filter', {
      url: 'oci://x/y',
      pluginConfig: { any: PLANTED },
    }),
    object('networking.istio.io/v1', 'VirtualService', 'shop/web', {
      hosts: ['web.example'],
      http: [{ headers: { request: { set: { authorization: PLANTED } } }, route: [{ destination: { host: 'web' } }] }],
    }),
    object('security.istio.io/v1', 'RequestAuthentication', 'shop/jwt', { jwtRules: [{ issuer: 'me', jwks: JWT }] }),
  ])
    api.seed(each);
  return api;
}

test('holds what helps, and no secret wherever one stood', async () => {
  const api = cluster();
  const read: string[] = [];
  api.fault = ({ kind }) => void read.push(kind);
  const { files } = await collectBugReport(api, 'istio-system');

  expect(read).not.toContain('Secret');
  for (const [path, text] of files) expect(text, path).not.toContain(PLANTED);
  expect(files.get('resources.yaml')).toContain('web.example');
  expect(files.get('resources.yaml')).toContain('kind: IstioOperator');
  expect(files.get('workloads.yaml')).toContain('istiod-x');
  expect(files.get('pods.yaml')).toContain('docker.io/istio/proxyv2:1.31.4');
  expect(files.get('contents.txt')).toMatch(/^istio-system\/mesh /m);
  expect(files.get('control-plane.yaml')).toContain('istio-sidecar-injector');
});

test('tells what it could not read, and is written all the same', async () => {
  const { ApiError } = await import('../../kube/errors.ts');
  const api = cluster();
  api.fault = ({ kind }) =>
    kind === 'Event' || kind === 'Service'
      ? new ApiError({ status: 403, reason: 'Forbidden', message: 'no' })
      : undefined;
  expect((await collectBugReport(api, 'istio-system')).files.get('unread.json')).toContain('"kind": "Service"');
});
