import { describe, expect, test } from 'vitest';
import { announceSecurePort, mergePrometheus } from './prometheus.ts';
import { DEFAULT_VERSION } from '../istio/registry.ts';
import type { Pod } from './template-context.ts';

const STATUS_PORT = 15020;
const pod = (annotations: Record<string, string>, env: object[] = []): Pod => ({
  metadata: { annotations },
  spec: { containers: [{ name: 'app' }, { name: 'istio-proxy', env: env as never }] },
});
const merge = (subject: Pod, mesh = {}): Pod =>
  mergePrometheus(subject, { mesh, statusPort: STATUS_PORT, traits: DEFAULT_VERSION.traits });
const scrapeEnv = ({ spec }: Pod): unknown => (spec['containers'] as { env?: object[] }[])[1]?.env;

describe('merging metrics', () => {
  test('the annotations point to the agent, and the agent learns the old ones, whatever their spelling', () => {
    const merged = merge(pod({ 'prometheus.io.port': '8080', 'prometheus.io/path': '/m<>', other: 'x' }));
    expect(merged.metadata.annotations).toEqual({
      other: 'x',
      'prometheus.io/port': '15020',
      'prometheus.io/path': '/stats/prometheus',
      'prometheus.io/scrape': 'true',
    });
    expect(scrapeEnv(merged)).toEqual([
      { name: 'ISTIO_PROMETHEUS_ANNOTATIONS', value: '{"scrape":"","path":"/m\\u003c\\u003e","port":"8080"}' },
    ]);
  });
  test('without annotations the agent learns nothing', () => {
    expect(scrapeEnv(merge(pod({})))).toEqual([]);
  });
  test('of several targets the first also stands for an agent that knows one', () => {
    const merged = merge(pod({ 'prometheus.istio.io/scrape-targets': '8080, 9100:/x' }));
    expect(scrapeEnv(merged)).toEqual([
      {
        name: 'ISTIO_PROMETHEUS_ANNOTATIONS',
        value:
          '{"scrape":"","path":"/metrics","port":"8080","targets":[{"port":"8080","path":"/metrics"},{"port":"9100","path":"/x"}]}',
      },
    ]);
  });
  test.each<[string, Record<string, string>, object]>([
    ['scrape is false', { 'prometheus.io/scrape': 'false', 'prometheus.io/port': '1' }, {}],
    ['the annotation switches it off', { 'prometheus.istio.io/merge-metrics': 'false' }, {}],
    ['the mesh switches it off', {}, { enablePrometheusMerge: false }],
    ['the port is the agent already', { 'prometheus.io/port': '15020' }, {}],
  ])('nothing changes when %s', (_title, annotations, mesh) => {
    const subject = pod(annotations);
    expect(merge(subject, mesh)).toBe(subject);
  });
  test.each(['0', '65536', 'http', '15090', '15001', '+15021', '80 '])('port %j is refused, and named', (port) => {
    expect(() => merge(pod({ 'prometheus.io/port': port }))).toThrow(JSON.stringify(port));
  });
});

test.each<[string, Record<string, string>, object[], string | undefined]>([
  ['from the environment', {}, [{ name: 'ENVOY_SECURE_MERGED_METRICS_PORT', value: '15091' }], '15091'],
  ['unless it is 0', {}, [{ name: 'ENVOY_SECURE_MERGED_METRICS_PORT', value: '0' }], undefined],
  [
    'unless the pod names one',
    { 'prometheus.istio.io/secure-port': '1' },
    [{ name: 'ENVOY_SECURE_MERGED_METRICS_PORT', value: '15091' }],
    '1',
  ],
])('the secure port is announced %s', (_title, annotations, env, port) => {
  expect(announceSecurePort(pod(annotations, env)).metadata.annotations?.['prometheus.istio.io/secure-port']).toBe(
    port,
  );
});
