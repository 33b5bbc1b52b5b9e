import { expect, it } from 'vitest';
import { FakeKubeApi, refused } from '../../../test/builders/fake-kube-api.ts';
import type { KubeObject } from '../../core/kube-object.ts';
import { fetchRunningOperator } from './running-operator.ts';

const STANDARD = { controlPlaneNamespaces: ['istio-system'], allowsPrivilegedSettings: false };

function deployment(args: string[], env: object[] = []): KubeObject {
  const containers = [{ name: 'proxy' }, { name: 'operator', args, env }];
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'sailwright', namespace: 'ops', labels: { 'app.kubernetes.io/name': 'sailwright' } },
    spec: { template: { spec: { containers } } },
  };
}

function seeded(...objects: KubeObject[]): FakeKubeApi {
  const api = new FakeKubeApi();
  api.clusterScoped.add('ValidatingWebhookConfiguration').add('MutatingWebhookConfiguration');
  const service = { name: 'sailwright-webhook', namespace: 'ops' };
  api.seed({
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingWebhookConfiguration',
    metadata: { name: 'sailwright-istiooperator' },
    webhooks: [{ name: 'a', clientConfig: { service } }],
  });
  for (const object of objects) api.seed(object);
  return api;
}

it('takes the settings of the Deployment in the namespace that is called', async () => {
  const args = ['run', '--namespace=$(POD_NAMESPACE)', '--control-plane-namespaces=mesh-a'];
  const env = [
    { name: 'SAILWRIGHT_DEFAULT_HUB', value: 'example.com/istio' },
    { name: 'POD_NAME', valueFrom: {} },
  ];
  const found = await fetchRunningOperator(seeded(deployment([...args, '--allow-privileged-settings=true'], env)), {
    tag: 'x',
  });
  expect(found).toEqual({
    endpoint: { namespace: 'ops' },
    settings: {
      controlPlaneNamespaces: ['istio-system', 'mesh-a'],
      allowsPrivilegedSettings: true,
      operatorNamespace: 'ops',
    },
    imageDefaults: { hub: 'example.com/istio' },
    caBundle: undefined,
    warnings: [],
  });
});

it('goes by what is usual where no operator is', async () => {
  const found = await fetchRunningOperator(new FakeKubeApi(), { tag: '1.31.1' });
  expect(found).toMatchObject({
    endpoint: {},
    settings: { ...STANDARD, operatorNamespace: 'sailwright-system' },
    imageDefaults: { tag: '1.31.1' },
  });
  expect(found.warnings).toEqual([]);
});

it('says what it could not find out, and goes by what is usual', async () => {
  const api = seeded(deployment(['run', '--flag-of-tomorrow']));
  api.fault = ({ kind }) => (kind === 'Secret' ? refused(403, 'Forbidden') : undefined);
  const { settings, warnings } = await fetchRunningOperator(api, {});
  expect(settings).toEqual({ ...STANDARD, operatorNamespace: 'ops' });
  expect(warnings).toEqual([
    expect.stringMatching(/^the settings of the operator could not be read.*--flag-of-tomorrow/),
    expect.stringMatching(/^the CA bundle of the operator could not be read/),
  ]);
});
