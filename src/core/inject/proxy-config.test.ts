import { describe, expect, test } from 'vitest';
import { meshConfigWithDefaults } from './mesh-config.ts';
import {
  compileProxyConfigs,
  effectiveProxyConfig,
  overrideProxyConfig,
  parsedAnnotation,
  proxyConfigText,
  type ProxyConfigResource,
} from './proxy-config.ts';

const resource = (
  name: string,
  namespace: string,
  spec: ProxyConfigResource['spec'],
  creationTimestamp = '',
): ProxyConfigResource => ({ name, namespace, spec, creationTimestamp });

const mesh = meshConfigWithDefaults({ defaultConfig: { concurrency: 1, proxyMetadata: { A: 'mesh', M: '1' } } });
const configs = compileProxyConfigs(mesh, [
  resource('root', 'istio-system', { concurrency: 2, environmentVariables: { A: 'root', R: '1' } }),
  resource('younger', 'demo', { environmentVariables: { A: 'younger' } }, '2024-02-01T00:00:00Z'),
  resource('older', 'demo', { environmentVariables: { A: 'namespace' } }, '2024-01-01T00:00:00Z'),
  resource('workload', 'demo', {
    selector: { matchLabels: { app: 'web' } },
    concurrency: 5,
    image: { imageType: 'debug' },
  }),
  resource('empty', 'demo', { selector: {}, concurrency: 9 }),
]);

describe('precedence of ProxyConfig', () => {
  const target = { namespace: 'elsewhere', labels: {}, annotation: undefined };

  test('mesh below root namespace; metadata merges', () => {
    expect(effectiveProxyConfig(configs, target)).toMatchObject({
      concurrency: 2,
      proxyMetadata: { A: 'root', M: '1', R: '1' },
    });
  });
  test('the oldest resource of the namespace wins over the root namespace', () => {
    expect(effectiveProxyConfig(configs, { ...target, namespace: 'demo' })).toMatchObject({
      concurrency: 2,
      proxyMetadata: { A: 'namespace', R: '1' },
    });
  });
  test('the annotation wins over the namespace', () => {
    const annotation = 'concurrency: 3\nproxyMetadata: {A: annotation}';
    expect(effectiveProxyConfig(configs, { ...target, namespace: 'demo', annotation })).toMatchObject({
      concurrency: 3,
      proxyMetadata: { A: 'annotation', R: '1' },
    });
  });
  test('a resource with a selector wins over the annotation', () => {
    const pod = { namespace: 'demo', labels: { app: 'web', x: 'y' }, annotation: 'concurrency: 3' };
    expect(effectiveProxyConfig(configs, pod)).toMatchObject({ concurrency: 5, image: { imageType: 'debug' } });
  });
  test('zero in an annotation is unset, except where protobuf can tell the two apart', () => {
    expect(effectiveProxyConfig(configs, { ...target, annotation: 'statusPort: 0\nconcurrency: 0' })).toMatchObject({
      statusPort: 15020,
      concurrency: 0,
    });
  });
});

test.each<[string, string, object]>([
  ['both spellings of a field', 'drain_duration: 1m', { drainDuration: '60s' }],
  ['part of a second', 'fileFlushInterval: 250ms', { fileFlushInterval: '0.250s' }],
  ['an enum by number', 'interceptionMode: 1', { interceptionMode: 'TPROXY' }],
  ['numbers in quotes', 'concurrency: "4"', { concurrency: 4 }],
  [
    '64-bit numbers stay text',
    'tracing: {stackdriver: {maxNumberOfAttributes: 5}}',
    { tracing: { stackdriver: { maxNumberOfAttributes: '5' } } },
  ],
])('%s', (_title, text, expected) => {
  expect(parsedAnnotation(text)).toEqual(expected);
});

test('a tracing service name replaces the service cluster', () => {
  const merged = overrideProxyConfig({ serviceCluster: 'istio-proxy' }, { tracingServiceName: 'CANONICAL_NAME_ONLY' });
  expect(merged).toEqual({ tracingServiceName: 'CANONICAL_NAME_ONLY' });
});

test('PROXY_CONFIG holds what differs from the defaults, in the order of the API, escaped as Go does', () => {
  const config = effectiveProxyConfig(compileProxyConfigs(meshConfigWithDefaults({}), []), {
    namespace: 'a',
    labels: {},
    annotation: 'proxyMetadata: {B: "<", A: "1"}\nconcurrency: 2\nconfigPath: /x\nstatusPort: 15021',
  });
  expect(proxyConfigText(config)).toBe(
    '{"configPath":"/x","concurrency":2,"proxyMetadata":{"A":"1","B":"\\u003c"},"statusPort":15021}',
  );
});

describe('mesh configuration', () => {
  test('what it leaves out has the default', () => {
    expect(meshConfigWithDefaults({ trustDomain: 'example.org' })).toMatchObject({
      trustDomain: 'example.org',
      rootNamespace: 'istio-system',
      proxyListenPort: 15001,
      defaultConfig: { statusPort: 15020 },
    });
  });
  test('extension providers merge by name', () => {
    const { extensionProviders } = meshConfigWithDefaults({
      extensionProviders: [
        { name: 'envoy', envoyFileAccessLog: { path: '/log' } },
        { name: 'zipkin', zipkin: { service: 'z', port: 9411 } },
      ],
    });
    expect(extensionProviders).toEqual([
      { name: 'prometheus', prometheus: {} },
      { name: 'stackdriver', stackdriver: {} },
      { name: 'envoy', envoyFileAccessLog: { path: '/log' } },
      { name: 'zipkin', zipkin: { service: 'z', port: 9411 } },
    ]);
  });
  test('a wrong type is refused with its path', () => {
    expect(() => meshConfigWithDefaults({ proxyListenPort: 'http' })).toThrow(/meshConfig\.proxyListenPort/);
  });
});
