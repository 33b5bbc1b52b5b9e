import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../kube-object.ts';
import { render } from './render.ts';

const DEFAULTS = { hub: 'docker.io/istio', tag: '1.31.4' };

function problemsOf(spec: JsonObject, form: 'sailwright' | 'upstream' = 'sailwright'): string[] {
  const document = { apiVersion: 'install.istio.io/v1alpha1', kind: 'IstioOperator', spec };
  const result = render({ documents: [document] }, { form, defaults: DEFAULTS });
  return result.ok ? [] : result.problems.map(({ path, message }) => `${path}: ${message}`);
}

describe('a setting of a wrong type is refused, also where no schema checks it', () => {
  it.each<[what: string, spec: JsonObject, expected: RegExp]>([
    [
      'limits that are text',
      { values: { gateways: { 'istio-ingressgateway': { resources: { limits: 'foo' } } } } },
      /^spec\.values\.gateways\.istio-ingressgateway\.resources\.limits: must be a map, got "foo"/,
    ],
    [
      'resources that are text',
      { unvalidatedValues: { pilot: { resources: 'foo' } } },
      /^spec\.values\.pilot\.resources: must be a map/,
    ],
    [
      'a list for labels',
      { unvalidatedValues: { pilot: { podLabels: ['a'] } } },
      /podLabels: must be a map, got \["a"\]/,
    ],
    ['text for volumes', { unvalidatedValues: { pilot: { volumes: 'a' } } }, /volumes: must be a list, got "a"/],
    [
      'a map for namespaces of CNI',
      { components: { cni: { enabled: true } }, unvalidatedValues: { cni: { excludeNamespaces: { a: 1 } } } },
      /excludeNamespaces: must be a list/,
    ],
  ])('%s', (_what, spec, expected) => {
    expect(problemsOf(spec).join('\n')).toMatch(expected);
  });
});

describe('values.revision', () => {
  it.each(['Foo_Bar', 'x: y', 'a/b', '-a'])('%j is refused as spec.revision is', (revision) => {
    expect(problemsOf({ values: { revision } }).join('\n')).toMatch(/^spec\.values\.revision: must be a DNS label/);
  });

  it.each([
    ['Foo_Bar', 0],
    ['x: y', 1],
  ])('%j in the form of upstream: %i problems', (revision, count) => {
    expect(problemsOf({ values: { revision } }, 'upstream')).toHaveLength(count);
  });

  it('is told once when spec.revision is wrong as well', () => {
    expect(problemsOf({ revision: 'Foo_Bar' })).toHaveLength(1);
  });
});
