import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../kube-object.ts';
import { rewriteProbes } from './probes.ts';
import type { Pod } from './template-context.ts';

const SETTING = { setting: true, statusPort: 15020 };

function rewritten(
  container: JsonObject,
  annotations: Record<string, string> = {},
): { app: JsonObject; probers: unknown } {
  const app = { name: 'app', ports: [{ name: 'http', containerPort: 8080 }], ...container };
  const pod: Pod = { metadata: { annotations }, spec: { containers: [app, { name: 'istio-proxy' }] } };
  const [first = {}, proxy = {}] = rewriteProbes(pod, SETTING).spec['containers'] as JsonObject[];
  const [env] = (proxy['env'] ?? []) as JsonObject[];
  return { app: first, probers: env?.['value'] };
}

describe('probes go through the agent', () => {
  test('HTTPS: the kubelet asks in plain text, host and headers stay; the agent learns the original', () => {
    const { app, probers } = rewritten({
      readinessProbe: {
        httpGet: { port: 'http', path: '/a&b', scheme: 'HTTPS', host: 'h' },
        timeoutSeconds: 3,
        periodSeconds: 5,
      },
    });
    expect(app['readinessProbe']).toEqual({
      httpGet: { port: 15020, path: '/app-health/app/readyz', scheme: 'HTTP', host: 'h' },
      timeoutSeconds: 3,
      periodSeconds: 5,
    });
    expect(probers).toBe(
      '{"/app-health/app/readyz":{"httpGet":{"path":"/a\\u0026b","port":8080,"host":"h","scheme":"HTTPS"},"timeoutSeconds":3}}',
    );
  });
  test('TCP and gRPC become HTTP', () => {
    const { app, probers } = rewritten({
      startupProbe: { grpc: { port: 1, service: null } },
      livenessProbe: { tcpSocket: { port: 2 } },
    });
    expect(app['startupProbe']).toEqual({ httpGet: { port: 15020, path: '/app-health/app/startupz' } });
    expect(app['livenessProbe']).toEqual({ httpGet: { port: 15020, path: '/app-health/app/livez' } });
    expect(probers).toBe(
      '{"/app-health/app/livez":{"tcpSocket":{"port":2}},"/app-health/app/startupz":{"grpc":{"port":1,"service":null}}}',
    );
  });
  test('hooks too, but commands stay with the kubelet', () => {
    const { app, probers } = rewritten({
      lifecycle: { preStop: { httpGet: { port: 1 } }, postStart: { exec: { command: ['a'] } } },
    });
    expect(app['lifecycle']).toEqual({
      preStop: { httpGet: { port: 15020, path: '/app-lifecycle/app/prestopz' } },
      postStart: { exec: { command: ['a'] } },
    });
    expect(probers).toBe('{"/app-lifecycle/app/prestopz":{"httpGet":{"port":1}}}');
  });
  test('a port that no container port names is not told to the agent', () => {
    expect(rewritten({ livenessProbe: { httpGet: { port: 'nope' } } }).probers).toBeUndefined();
  });
  test('the port of the annotation takes the requests', () => {
    const { app } = rewritten({ livenessProbe: { httpGet: { port: 1 } } }, { 'status.sidecar.istio.io/port': '15999' });
    expect(app['livenessProbe']).toEqual({ httpGet: { port: 15999, path: '/app-health/app/livez' } });
  });
  test('the annotation switches it off; without a proxy nothing changes', () => {
    const probe = { livenessProbe: { httpGet: { port: 1 } } };
    expect(rewritten(probe, { 'sidecar.istio.io/rewriteAppHTTPProbers': 'false' }).app).toMatchObject(probe);
    const alone: Pod = { metadata: {}, spec: { containers: [{ name: 'app', ...probe }] } };
    expect(rewriteProbes(alone, SETTING)).toBe(alone);
  });
});
