import { expect, it } from 'vitest';
import type { KubeObject } from '../kube-object.ts';
import { finish } from '../pausable.ts';
import { countProxies } from './count-proxies.ts';

const pod = (
  image: string | undefined,
  more: { revision?: string; phase?: string; list?: string } = {},
): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name: 'p',
    namespace: 'apps',
    annotations: { 'sidecar.istio.io/status': JSON.stringify({ revision: more.revision ?? 'canary' }) },
  },
  spec: { [more.list ?? 'containers']: [{ name: 'istio-proxy', ...(image === undefined ? {} : { image }) }] },
  status: { phase: more.phase ?? 'Running' },
});

it.each([
  ['docker.io/istio/proxyv2:1.31.4', '1.31.4'],
  ['registry:5000/proxyv2:1.31.4-distroless', '1.31.4-distroless'],
  ['registry:5000/proxyv2', 'unknown'],
  ['proxyv2:1.30.0@sha256:0123456789abcdef', '1.30.0'],
  ['proxyv2@sha256:0123456789abcdef', 'sha256:0123456789ab'],
  [undefined, 'unknown'],
])('the version of %s is %s', (image, version) => {
  expect(finish(countProxies([pod(image)])).get('canary')).toEqual([{ revision: 'canary', version, pods: 1 }]);
});

it('counts by revision and version, native sidecars too, and not what has ended or has no proxy', () => {
  const plain = { ...pod('x:1'), metadata: { name: 'q', namespace: 'apps' }, spec: { containers: [{ name: 'app' }] } };
  const counts = finish(
    countProxies([
      pod('x:1.31.4'),
      pod('x:1.30.2'),
      pod('x:1.31.4', { list: 'initContainers' }),
      pod('x:1.31.4', { revision: '' }),
      pod('x:1.31.4', { phase: 'Succeeded' }),
      plain,
    ]),
  );
  expect(Object.fromEntries(counts)).toEqual({
    canary: [
      { revision: 'canary', version: '1.31.4', pods: 2 },
      { revision: 'canary', version: '1.30.2', pods: 1 },
    ],
    default: [{ revision: 'default', version: '1.31.4', pods: 1 }],
  });
});

it('keeps the list short, whatever images there are', () => {
  const pods = Array.from({ length: 50 }, (_, n) => pod(`x:${n + 100}`));
  const counts = finish(countProxies(pods)).get('canary') ?? [];
  expect(counts).toHaveLength(21);
  expect(counts.at(-1)).toEqual({ revision: 'canary', version: 'others', pods: 30 });
});
