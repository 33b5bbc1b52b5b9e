import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../core/kube-object.ts';
import { render } from '../../core/render/render.ts';
import type { AdmissionResponse } from '../admission-review.ts';
import { createIstioOperatorHandler } from './istio-operator-handler.ts';

const DEFAULTS = { hub: 'registry.istio.io/release', tag: '1.31.4' };

const handle = createIstioOperatorHandler((resource) =>
  render({ documents: [resource as unknown as JsonObject] }, { form: 'sailwright', defaults: DEFAULTS }),
);

function istioOperator(spec: JsonObject, metadata: JsonObject = {}): JsonObject {
  const named = { name: 'istio', namespace: 'istio-system', ...metadata };
  return { apiVersion: 'install.istio.io/v1alpha1', kind: 'IstioOperator', metadata: named, spec };
}

function ask(object: JsonObject, oldObject?: JsonObject): AdmissionResponse {
  const operation = oldObject ? 'UPDATE' : 'CREATE';
  const context = { path: '/validate-istiooperator', signal: new AbortController().signal };
  return handle({ uid: 'u', operation, object, ...(oldObject ? { oldObject } : {}) }, context) as AdmissionResponse;
}

const available = { components: { pilot: { k8s: { hpaSpec: { minReplicas: 2, maxReplicas: 5 } } } } };

describe('/validate-istiooperator', () => {
  it('takes what can be reconciled', () => {
    expect(ask(istioOperator(available))).toEqual({ allowed: true, verdict: 'Valid', warnings: [] });
  });

  it.each<[what: string, spec: JsonObject, cause: string]>([
    ['a profile that does not exist', { profile: 'defualt' }, 'defualt'],
    ['a field that does not exist', { components: { pilot: { enable: true } } }, 'spec.components.pilot.enable'],
    ['a mesh that istiod could not use', { meshConfig: { trustDomain: 'a/b' } }, 'spec.meshConfig.trustDomain'],
  ])('refuses %s', (_what, spec, cause) => {
    const { allowed, message } = ask(istioOperator(spec));
    expect(allowed).toBe(false);
    expect(message).toContain(cause);
  });

  it('warns of a control plane with one replica', () => {
    const { allowed, warnings } = ask(istioOperator({ profile: 'default' }));
    expect(allowed).toBe(true);
    expect(warnings).toEqual([expect.stringContaining('spec.components.pilot.k8s.hpaSpec.minReplicas')]);
    const fixed = {
      values: { pilot: { autoscaleEnabled: false } },
      components: { pilot: { k8s: { replicaCount: 3 } } },
    };
    expect(ask(istioOperator(fixed)).warnings).toEqual([]);
  });

  it('lets pass an update of labels, and the end, of what is bad', () => {
    const bad = istioOperator({ profile: 'gone' });
    expect(ask(istioOperator({ profile: 'gone' }, { labels: { a: 'b' } }), bad).allowed).toBe(true);
    expect(ask(istioOperator({ profile: 'gone' }, { deletionTimestamp: '2026-01-01T00:00:00Z' })).allowed).toBe(true);
  });
});
