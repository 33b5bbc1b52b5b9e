import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../kube-object.ts';
import { render } from './render.ts';

const DEFAULTS = { hub: 'docker.io/istio', tag: '1.31.4' };

function problemsOf(spec: JsonObject): string[] {
  const document = { apiVersion: 'install.istio.io/v1alpha1', kind: 'IstioOperator', spec };
  const result = render({ documents: [document] }, { form: 'sailwright', defaults: DEFAULTS });
  return result.ok ? [] : result.problems.map(({ path }) => path);
}

describe('settings of the mesh in an IstioOperator', () => {
  it.each<[what: string, meshConfig: JsonObject, expected: string[]]>([
    ['good ones', { trustDomain: 'corp.example', connectTimeout: '5s', defaultConfig: { concurrency: 2 } }, []],
    ['a trust domain with a slash', { trustDomain: 'corp/example' }, ['spec.meshConfig.trustDomain']],
    ['a port that does not exist', { proxyListenPort: 70000 }, ['spec.meshConfig.proxyListenPort']],
    [
      'an address without a port',
      { defaultConfig: { discoveryAddress: 'istiod.istio-system' } },
      ['spec.meshConfig.defaultConfig.discoveryAddress'],
    ],
    [
      'two ways of failing over at once',
      { localityLbSetting: { failover: [{ from: 'eu', to: 'us' }], distribute: [{ from: 'eu', to: { eu: 100 } }] } },
      ['spec.meshConfig.localityLbSetting'],
    ],
    [
      'draining for half a second',
      { defaultConfig: { drainDuration: '1.5s' } },
      ['spec.meshConfig.defaultConfig.drainDuration'],
    ],
  ])('%s', (_what, meshConfig, expected) => {
    expect(problemsOf({ meshConfig })).toEqual(expected);
  });
});

it('is judged by the release that is rendered', () => {
  const meshConfig = { defaultInboundHttpRetryPolicy: { retryOn: '5xx' } };
  const at = 'spec.meshConfig.defaultInboundHttpRetryPolicy';
  expect(problemsOf({ tag: '1.32.0', meshConfig })).toEqual([`${at}.attempts`]);
  expect(problemsOf({ tag: '1.31.4', meshConfig })).toEqual([]);
});

const NETWORKS = 'spec.values.global.meshNetworks';

describe('networks of the mesh in an IstioOperator', () => {
  it.each<[what: string, network: JsonObject, expected: string[]]>([
    [
      'good ones',
      {
        endpoints: [{ fromRegistry: 'cluster1' }, { fromCidr: '10.0.0.0/8' }],
        gateways: [
          { address: 'east.example.com', port: 15443 },
          { registry_service_name: 'gw.istio-system.svc', port: 443 },
        ],
      },
      [],
    ],
    ['an address that is none', { gateways: [{ address: 'a@b', port: 1 }] }, [`${NETWORKS}.n1.gateways[0].address`]],
    ['a gateway without a port', { gateways: [{ address: '10.0.0.1' }] }, [`${NETWORKS}.n1.gateways[0].port`]],
    ['a range that is none', { endpoints: [{ fromCidr: '10.0.0.0/40' }] }, [`${NETWORKS}.n1.endpoints[0].fromCidr`]],
    ['a registry with a dot', { endpoints: [{ fromRegistry: 'a.b' }] }, [`${NETWORKS}.n1.endpoints[0].fromRegistry`]],
    ['text in place of a list', { endpoints: 'all' }, [`${NETWORKS}.n1.endpoints`]],
  ])('%s', (_what, network, expected) => {
    expect(problemsOf({ values: { global: { meshNetworks: { n1: network } } } })).toEqual(expected);
  });
});
