import { describe, expect, it } from 'vitest';
import { FLAGS } from '../istio/v1-31/flags.ts';
import type { JsonObject } from '../kube-object.ts';
import { formatProblem } from '../problem.ts';
import { render } from './render.ts';

const CODES = ['FieldTooNew', 'SettingWithdrawn', 'VariableUnknown', 'VariableChanged'];

/** What is said of variables, and whether all is rendered. */
function told(
  istioVersion: string,
  spec: JsonObject,
  { installed, form = 'sailwright' }: { installed?: string; form?: 'sailwright' | 'upstream' } = {},
): string[] {
  const status = installed === undefined ? {} : { status: { istioVersion: installed } };
  const document = { apiVersion: 'install.istio.io/v1alpha1', kind: 'IstioOperator', spec, ...status };
  const result = render({ documents: [document] }, { form, istioVersion });
  expect(result.ok).toBe(true);
  return result.warnings.filter(({ code }) => CODES.includes(code)).map(formatProblem);
}

const inValues = (name: string): JsonObject => ({ values: { pilot: { env: { [name]: 'false' } } } });
const env = { env: { GONE: '1' } };
const metadata = { meshConfig: { defaultConfig: { proxyMetadata: { GONE: '1' } } } };

describe('a variable', () => {
  it('that is gone is warned of, from the minor on that took it away', () => {
    const gone = inValues('PILOT_SPAWN_UPSTREAM_SPAN_FOR_GATEWAY');
    expect(told('1.30', gone)).toEqual([]);
    for (const minor of ['1.31', '1.32']) {
      expect(told(minor, gone)).toEqual([
        `spec.values.pilot.env.PILOT_SPAWN_UPSTREAM_SPAN_FOR_GATEWAY: istiod ${minor} no longer reads PILOT_SPAWN_UPSTREAM_SPAN_FOR_GATEWAY: ` +
          'gateways always start a span of their own, since 1.31 (remove it)',
      ]);
    }
  });

  it('that comes later is warned of, until the minor that brings it', () => {
    const later = inValues('PILOT_AUTO_SEND_UNHEALTHY_ENDPOINTS');
    expect(told('1.30', later)).toEqual([
      'spec.values.pilot.env.PILOT_AUTO_SEND_UNHEALTHY_ENDPOINTS: istiod 1.30 does not read PILOT_AUTO_SEND_UNHEALTHY_ENDPOINTS: ' +
        'it came with 1.31 (remove it, or upgrade to 1.31)',
    ]);
    expect(told('1.31', later)).toEqual([]);
    expect(told('1.32', later)).toEqual([]);
  });

  it('that no minor knows is warned of with the nearest that is', () => {
    expect(told('1.31', inValues('PILOT_ENABLE_GATEWAY_APY'))).toEqual([
      'spec.values.pilot.env.PILOT_ENABLE_GATEWAY_APY: no variable PILOT_ENABLE_GATEWAY_APY is known that istiod 1.31 reads ' +
        '(did you mean "PILOT_ENABLE_GATEWAY_API"?)',
    ]);
    expect(told('1.31', inValues('PILOT_QQQ'))).toEqual([
      'spec.values.pilot.env.PILOT_QQQ: no variable PILOT_QQQ is known that istiod 1.31 reads (look its name up, or remove it)',
    ]);
  });

  it.each<[string, JsonObject]>([
    [
      'spec.components.pilot.k8s.env[1]',
      { components: { pilot: { k8s: { env: [{ name: 'A' }, { name: 'GONE' }] } } } },
    ],
    ['spec.unvalidatedValues.pilot.env.GONE', { unvalidatedValues: { pilot: { env: { GONE: '1' } } } }],
  ])('is found at %s', (path, spec) => {
    const text = JSON.stringify(spec).replace('GONE', 'UNSAFE_PILOT_ENABLE_DELTA_TEST');
    const [found = ''] = told('1.31', JSON.parse(text) as JsonObject);
    expect(found.startsWith(`${path.replace('GONE', 'UNSAFE_PILOT_ENABLE_DELTA_TEST')}: `)).toBe(true);
  });

  it.each<[string, JsonObject]>([
    ['spec.meshConfig.defaultConfig.proxyMetadata.GONE', metadata],
    ['spec.values.meshConfig.defaultConfig.proxyMetadata.GONE', { values: metadata }],
    ['spec.unvalidatedValues.meshConfig.defaultConfig.proxyMetadata.GONE', { unvalidatedValues: metadata }],
    ['spec.values.gateways.istio-egressgateway.env.GONE', { values: { gateways: { 'istio-egressgateway': env } } }],
    [
      'spec.components.ingressGateways[0].k8s.env[0]',
      { components: { ingressGateways: [{ name: 'a', enabled: true, k8s: { env: [{ name: 'GONE', value: '1' }] } }] } },
    ],
  ])('of proxies is found at %s', (path, spec) => {
    const text = JSON.stringify(spec).replace('GONE', 'VERIFY_SDS_CERTIFICATE');
    expect(told('1.31', JSON.parse(text) as JsonObject)).toEqual([
      `${path.replace('GONE', 'VERIFY_SDS_CERTIFICATE')}: proxies of Istio 1.31 no longer read VERIFY_SDS_CERTIFICATE: it is always on, since 1.22 (remove it)`,
    ]);
  });

  it('whose default changes is named in the upgrade, and neither before nor after', () => {
    const changed = FLAGS.changed as Record<string, { from: string; to: string }>;
    changed['PILOT_HTTP10'] = { from: 'false', to: 'true' };
    const spec = inValues('PILOT_HTTP10');
    try {
      expect(told('1.31', spec, { installed: '1.30' })).toEqual([
        'spec.values.pilot.env.PILOT_HTTP10: with Istio 1.31 the default of PILOT_HTTP10 changed from "false" to "true" ' +
          '(see whether what is set is still wanted)',
      ]);
      expect(told('1.32', spec, { installed: '1.30' })).toHaveLength(1);
      for (const [asked, installed] of Object.entries({ '1.30': '1.30', '1.31': '1.31', '1.32': '1.31' })) {
        expect(told(asked, spec, { installed })).toEqual([]);
      }
      expect(told('1.30', spec, { installed: '1.31' })).toEqual([]);
      expect(told('1.31', spec)).toEqual([]);
    } finally {
      delete changed['PILOT_HTTP10'];
    }
  });

  it('of which nothing is known, or that a compatibility version sets, is not warned of', () => {
    expect(told('1.31', inValues('MINE'))).toEqual([]);
    expect(told('1.31', { compatibilityVersion: '1.30' })).toEqual([]);
  });

  it('is not judged in the form of Istio’s own tool', () => {
    expect(told('1.31', inValues('UNSAFE_PILOT_ENABLE_DELTA_TEST'), { form: 'upstream' })).toEqual([]);
  });
});
