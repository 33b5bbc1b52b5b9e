import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../kube-object.ts';
import { formatProblem } from '../problem.ts';
import { render } from './render.ts';

/** What is said of variables, and whether all is rendered. */
function told(istioVersion: string, spec: JsonObject, form: 'sailwright' | 'upstream' = 'sailwright'): string[] {
  const document = { apiVersion: 'install.istio.io/v1alpha1', kind: 'IstioOperator', spec };
  const result = render({ documents: [document] }, { form, istioVersion });
  expect(result.ok).toBe(true);
  return result.warnings.map(formatProblem).filter((text) => /istiod .* reads? /.test(text));
}

const inValues = (name: string): JsonObject => ({ values: { pilot: { env: { [name]: 'false' } } } });

describe('a variable of istiod', () => {
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

  it('of which nothing is known, or that a compatibility version sets, is not warned of', () => {
    expect(told('1.31', inValues('MINE'))).toEqual([]);
    expect(told('1.31', { compatibilityVersion: '1.30' })).toEqual([]);
  });

  it('is not judged in the form of Istio’s own tool', () => {
    expect(told('1.31', inValues('UNSAFE_PILOT_ENABLE_DELTA_TEST'), 'upstream')).toEqual([]);
  });
});
