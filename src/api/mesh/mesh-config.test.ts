import { expect, test } from 'vitest';
import { decode } from '../decode.ts';
import { meshConfig } from './mesh-config.ts';

const read = (config: unknown): ReturnType<typeof decode> => decode(meshConfig, config, 'meshConfig');

const provider = (fields: Record<string, unknown>): unknown => ({ extensionProviders: [{ name: 'a', ...fields }] });

test.each<[string, unknown]>([
  ['nothing', undefined],
  ['a Go duration of several units', { connectTimeout: '1h2m3.5s' }],
  ['zero without a unit', { connectTimeout: '0' }],
  ['a number in quotes', { proxyListenPort: '15001' }],
  ['a name with digits, with underscores', provider({ zipkin: { enable_64bit_trace_id: true } })],
  ['a name of its own in the proto file', { mesh_mTLS: { minProtocolVersion: 'TLSV1_3' } }],
  ['an empty message', provider({ prometheus: {} })],
  ['one of a group beside a null', provider({ zipkin: {}, datadog: null })],
  ['free-form labels', provider({ envoyFileAccessLog: { logFormat: { labels: { a: { b: [1] } } } } })],
])('%s is accepted', (_title, config) => {
  expect(read(config)).toMatchObject({ ok: true, warnings: [] });
});

test.each<[string, unknown, string]>([
  ['a duration in another unit', { connectTimeout: '1d' }, 'meshConfig.connectTimeout'],
  ['a duration that is a number', { connectTimeout: 10 }, 'meshConfig.connectTimeout'],
  ['a number in quotes that is too large', { proxyListenPort: '4294967296' }, 'meshConfig.proxyListenPort'],
  ['a number in quotes as JSON has none', { proxyListenPort: '015001' }, 'meshConfig.proxyListenPort'],
  ['a port that is a word', { proxyListenPort: 'http' }, 'meshConfig.proxyListenPort'],
  [
    'a negative count',
    { defaultConfig: { gatewayTopology: { numTrustedProxies: -1 } } },
    'meshConfig.defaultConfig.gatewayTopology.numTrustedProxies',
  ],
  [
    'a number among environment variables',
    { defaultConfig: { proxyMetadata: { A: 1 } } },
    'meshConfig.defaultConfig.proxyMetadata.A',
  ],
  [
    'a wrong choice in a list',
    provider({ opencensus: { context: ['B4'] } }),
    'meshConfig.extensionProviders[0].opencensus.context[0]',
  ],
  ['two providers in one', provider({ zipkin: {}, datadog: {} }), 'meshConfig.extensionProviders[0]'],
  [
    'two in one, in two spellings',
    provider({ envoy_otel_als: {}, envoyTcpAls: {} }),
    'meshConfig.extensionProviders[0]',
  ],
])('%s is refused', (_title, config, path) => {
  const result = read(config);
  expect(result.ok ? [] : result.problems.map((problem) => problem.path)).toEqual([path]);
});

test('an unknown field is a warning that names what was probably meant', () => {
  expect(read({ accessLogFil: '/dev/stdout' }).warnings).toEqual([
    {
      path: 'meshConfig.accessLogFil',
      code: 'UnknownField',
      message: 'unknown field: Istio ignores it',
      hint: 'did you mean "accessLogFile"?',
    },
  ]);
});

test.each([
  [{ mixerCheckServer: 'a:1' }, 'meshConfig.mixerCheckServer', /Mixer ended/],
  [{ disablePolicyChecks: true }, 'meshConfig.disablePolicyChecks', /Mixer ended/],
  [{ sdsUdsPath: 'unix:/a' }, 'meshConfig.sdsUdsPath', /SDS always/],
  [{ thriftConfig: {} }, 'meshConfig.thriftConfig', /1\.17/],
  [
    { defaultConfig: { connectTimeout: '1s' } },
    'meshConfig.defaultConfig.connectTimeout',
    /meshConfig\.connectTimeout/,
  ],
  [
    { defaultConfig: { tracing: { lightstep: { secure: true } } } },
    'meshConfig.defaultConfig.tracing.lightstep.secure',
    /tlsSettings/,
  ],
])('a field of older releases is told with what became of it: %j', (config, path, hint) => {
  expect(read(config).warnings).toMatchObject([{ path, hint: expect.stringMatching(hint) as string }]);
});
