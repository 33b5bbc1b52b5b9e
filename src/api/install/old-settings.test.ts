import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { render } from '../../core/render/render.ts';
import type { JsonObject } from '../../core/kube-object.ts';
import { decodeSpec } from './decode-istio-operator.ts';
import { findOldSetting, OLD_SETTINGS } from './old-settings.ts';

/** A spec in which only this path is set. */
function specWith(path: string): JsonObject {
  const steps = path.replace('gateways.*', 'gateways.istio-ingressgateway').split('.');
  return steps.reduceRight<JsonObject>((inner, step) => ({ [step]: inner }), {});
}

function told(path: string): string[] {
  const result = decodeSpec(specWith(path));
  return result.ok ? [] : result.problems.map(({ message, hint = '' }) => `${message}: ${hint}`);
}

describe('settings of older releases', () => {
  it.each(OLD_SETTINGS)('%s is refused with what became of it', (path, became) => {
    expect(told(path)).toEqual([`is a setting of older releases of Istio: ${became}`]);
  });

  it('are all in the table: whatever the releases 1.5 to 1.30 had', () => {
    const list = new URL('../../../test/cases/withdrawn-settings.txt', import.meta.url);
    const names = readFileSync(list, 'utf8').split('\n');
    const wrong = names
      .filter((name) => name !== '' && !name.startsWith('#'))
      .filter((name) => !told(name).join().startsWith('is a setting of older releases of Istio: '));
    expect([names.length > 150, wrong]).toEqual([true, []]);
  });

  it.each([
    'values.telemetry.v2.metadata_exchange.wasmEnabled',
    'values.gateways.istio-ingressgateway.telemetry_addon_gateways.kiali_gateway.port',
    'values.istio_cni.resource_quotas.pods',
  ])('are known in the spelling of their definition: %s', (path) => {
    expect(told(path)).toEqual([expect.stringMatching(/^is a setting of older releases/)]);
  });

  it('are told once each, at their own place', () => {
    const result = decodeSpec({ values: { kiali: { a: { b: 1 }, c: 2 }, global: { mtls: { enabled: true } } } });
    expect(result.ok ? [] : result.problems.map(({ path }) => path).sort()).toEqual([
      'spec.values.global.mtls',
      'spec.values.kiali',
    ]);
  });

  it('are looked for by whole words', () => {
    expect(findOldSetting('spec.values.kialis')).toBeUndefined();
    expect(findOldSetting('spec.values.kiali.enabled')?.path).toBe('spec.values.kiali');
    expect(findOldSetting('spec.values.gateways.mine.sds.enabled')?.path).toBe('spec.values.gateways.mine.sds');
  });
});

describe('an unknown field', () => {
  it.each([
    ['is not sent below unvalidatedValues', { values: { global: { notThere: 1 } } }],
    ['is not taken for one that differs in digits', { values: { telemetry: { v3: {} } } }],
  ])('%s', (_what, spec) => {
    const result = decodeSpec(spec);
    const hints = result.ok ? [] : result.problems.map(({ hint = '' }) => hint);
    expect(hints).toHaveLength(1);
    expect(hints.join()).not.toMatch(/unvalidatedValues|did you mean/);
  });
});

describe('below unvalidatedValues', () => {
  const warningsFor = (unvalidatedValues: JsonObject): string[] => {
    const document = { apiVersion: 'install.istio.io/v1alpha1', kind: 'IstioOperator', spec: { unvalidatedValues } };
    return render({ documents: [document] }, { form: 'sailwright' }).warnings.map(
      ({ path, message }) => `${path}: ${message}`,
    );
  };

  it('what protects nothing is warned of', () => {
    expect(
      warningsFor({
        global: { mtls: { enabled: true } },
        gateways: { 'istio-ingressgateway': { sds: { enabled: true } } },
      }),
    ).toEqual([
      'spec.unvalidatedValues.global.mtls: has no effect: it is a setting of older releases of Istio',
      'spec.unvalidatedValues.gateways.istio-ingressgateway.sds: has no effect: it is a setting of older releases of Istio',
    ]);
  });

  it.each([
    'global.trustDomain',
    'global.outboundTrafficPolicy',
    'global.localityLbSetting',
    'global.enableTracing',
    'global.controlPlaneSecurityEnabled',
    'global.proxy.accessLogFile',
    'global.proxy.concurrency',
    'pilot.configNamespace',
    'sidecarInjectorWebhook.injectLabel',
    'telemetry.v1',
    'mixer',
    'kiali',
  ])('%s is told to have no effect', (path) => {
    const unvalidated = path.split('.').reduceRight<JsonObject>((inner, step) => ({ [step]: inner }), { a: 1 });
    expect(warningsFor(unvalidated)).toEqual([
      `spec.unvalidatedValues.${path}: has no effect: it is a setting of older releases of Istio`,
    ]);
  });

  it('what charts read is not', () => {
    expect(warningsFor({ pilot: { pdb: {} } })).toEqual([]);
  });
});

describe('an envelope of older releases', () => {
  it.each([
    ['operator.istio.io/v1alpha1', 'IstioOperator', /the fields below spec are the same/],
    ['install.istio.io/v1beta1', 'IstioOperator', /there is no such version/],
    ['install.istio.io/v1alpha2', 'IstioControlPlane', /write an IstioOperator anew/],
  ])('%s %s is refused with what to write', (apiVersion, kind, hint) => {
    const result = render(
      { documents: [{ apiVersion, kind, spec: {} }] },
      { form: 'sailwright', defaults: { hub: 'a', tag: 'b' } },
    );
    expect(result.ok ? '' : result.problems.map((problem) => problem.hint).join()).toMatch(hint);
  });
});
