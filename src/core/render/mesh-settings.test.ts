import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../kube-object.ts';
import { render } from './render.ts';

const DEFAULTS = { hub: 'registry.istio.io/release', tag: '1.31.4' };

function problemsOf(meshConfig: JsonObject): string[] {
  const document = { apiVersion: 'install.istio.io/v1alpha1', kind: 'IstioOperator', spec: { meshConfig } };
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
    expect(problemsOf(meshConfig)).toEqual(expected);
  });
});
