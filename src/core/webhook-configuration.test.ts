import { expect, it } from 'vitest';
import type { KubeObject } from './kube-object.ts';
import { endpointIn } from './webhook-configuration.ts';

const configuration = (clientConfig: object, labels: Record<string, string> = {}): KubeObject => ({
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'ValidatingWebhookConfiguration',
  metadata: { name: 'a', labels },
  webhooks: [{ name: 'a', clientConfig }],
});
const KEPT = { 'sailwright.dev/managed': 'true' };
const service = (namespace: string, name = 'sailwright-webhook'): object => ({ service: { namespace, name } });

it.each([
  ['nobody', [], undefined],
  ['a Service of others', [configuration(service('a', 'istiod'))], undefined],
  ['a URL of others', [configuration({ url: 'https://a:1/inject' })], undefined],
  ['a URL that cannot be read', [configuration({ url: 'a' }, KEPT)], undefined],
  ['its Service', [configuration({}), configuration(service('ops'))], { namespace: 'ops' }],
  [
    'its URL before its Service, which may lead nowhere',
    [configuration(service('ops')), configuration({ url: 'https://a:1/inject/b' }, KEPT)],
    { url: 'https://a:1' },
  ],
])('finds the operator by what is called: %s', (_what, configurations, endpoint) => {
  expect(endpointIn(configurations)).toEqual(endpoint);
});
