import { expect, test } from 'vitest';
import { FakeKubeApi } from '../../../test/builders/fake-kube-api.ts';
import { controlPlane, istioOperator, namespace, object, pod } from '../../../test/builders/small-mesh.ts';
import { isHealthy } from './mesh-status.ts';
import { ApiError } from '../../kube/errors.ts';
import { spanText } from '../shell/age.ts';
import { statusText } from './status-text.ts';
import { fetchStatus } from './status.ts';

const CONDITIONS = [
  {
    type: 'Ready',
    status: 'True',
    reason: 'Installed',
    message: 'all is ready',
    lastTransitionTime: '2026-01-01T00:00:00Z',
  },
  {
    type: 'InjectionEnforced',
    status: 'False',
    reason: 'WebhookNotProven',
    message: 'did not answer',
    lastTransitionTime: '2026-01-01T00:00:00Z',
  },
];

function cluster(conditions: object[] = CONDITIONS): FakeKubeApi {
  const api = new FakeKubeApi();
  const status = {
    status: 'HEALTHY',
    revision: '',
    version: '1.31.4',
    componentStatus: { Pilot: { status: 'HEALTHY' } },
    conditions,
  };
  const containers = [{ name: 'operator', image: 'registry.example:5000/sailwright:0.9.1@sha256:01', args: ['run'] }];
  const operator = object('apps/v1', 'Deployment', 'sailwright-system/sailwright', {
    replicas: 2,
    template: { spec: { containers } },
  });
  operator.metadata.labels = { 'app.kubernetes.io/name': 'sailwright' };
  const astray = {
    hosts: ['a.example'],
    gateways: ['missing'],
    http: [{ route: [{ destination: { host: 'nowhere' } }] }],
  };
  for (const each of [
    ...controlPlane('', '1.31.4'),
    istioOperator('mesh', status as never),
    { ...operator, status: { readyReplicas: 2 } },
    namespace('shop', { 'istio-injection': 'enabled' }),
    pod({ namespace: 'shop', of: 'web', proxy: 'default@1.31.4' }),
    pod({ namespace: 'shop', of: 'web', nth: 1, proxy: 'default@1.31.4' }),
    pod({ namespace: 'shop', of: 'old', proxy: 'default@1.30.2' }),
    pod({ namespace: 'shop', of: 'bare' }),
    object('networking.istio.io/v1', 'VirtualService', 'shop/astray', astray),
  ])
    api.seed(each);
  return api;
}

const look = { columns: Infinity, isColoured: false };

test('tells what runs and what is wrong with it', async () => {
  const status = await fetchStatus(cluster(), 'istio-system');
  const text = statusText(status, look);

  expect(text).toMatch(/^sailwright-system\/sailwright +2\/2 +0\.9\.1$/m);
  expect(text).toMatch(/^istio-system\/mesh +default +1\.31\.4 +True +\d+d +all is ready$/m);
  expect(text).toMatch(/^Pilot +HEALTHY$/m);
  expect(text).toMatch(/^InjectionEnforced +False +WebhookNotProven +did not answer$/m);
  expect(text).toMatch(/^istio-system +default +1\.31\.4 +1\/2 /m);
  expect(text).toMatch(/^1\.31\.4 +default +2 +0$/m);
  expect(text).toMatch(/^1\.30\.2 +default +1 +1$/m);
  expect(text).toMatch(/^PROXIES +REVISION +PODS +OTHER VERSION$/m);
  expect(text).toMatch(/^what else a restart would change tells sailwright proxies --stale$/m);
  expect(text).toContain('1 pod has no sidecar although injection is asked for');
  expect(text).toMatch(/^istio-sidecar-injector +1 +Binding +Service sailwright-system\/sailwright-webhook$/m);
  expect(text).toMatch(/^Error +IST0101 +VirtualService shop\/astray /m);
  expect(isHealthy(status)).toBe(true);
});

test('a mesh that is not ready is not healthy, and neither is none', async () => {
  const [ready, ...others] = CONDITIONS;
  expect(isHealthy(await fetchStatus(cluster([{ ...ready, status: 'False' }, ...others]), 'istio-system'))).toBe(false);
  const none = await fetchStatus(new FakeKubeApi(), 'istio-system');
  expect(isHealthy(none)).toBe(false);
  expect(statusText(none, look)).toContain('no operator in sight: sailwright install brings one');
});

test('tells what the rights do not show', async () => {
  const api = cluster();
  api.fault = ({ kind }) =>
    kind === 'Pod' ? new ApiError({ status: 403, reason: 'Forbidden', message: 'pods is forbidden' }) : undefined;
  expect(statusText(await fetchStatus(api, 'istio-system'), look)).toContain(
    'Pod could not be read and counts as empty: pods is forbidden',
  );
});

test('fits the terminal: no line is wider than it, but for words and columns that are', async () => {
  const status = await fetchStatus(cluster(), 'istio-system');
  const wide = statusText(status, { columns: 80, isColoured: false })
    .split('\n')
    .filter((line) => line.length > 80);
  expect(wide).toEqual([]);
});

test('colours words and not parts of them, and nothing unless asked', async () => {
  const status = await fetchStatus(cluster(), 'istio-system');
  const text = statusText(status, { columns: Infinity, isColoured: true });
  expect(text).toContain('\u001b[32mTrue\u001b[0m');
  const codes = [0, 1, 31, 32, 33].map((code) => `\u001b[${code}m`);
  expect(codes.reduce((plain, code) => plain.replaceAll(code, ''), text)).toBe(statusText(status, look));
});

test.each([
  [59_000, '59s'],
  [119_000, '119s'],
  [120_000, '2m'],
  [7_200_000, '2h'],
  [172_800_000, '2d'],
  [-5, '0s'],
])('%i ms is %s', (ms, text) => {
  expect(spanText(ms)).toBe(text);
});
