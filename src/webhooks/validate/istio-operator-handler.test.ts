import { describe, expect, it } from 'vitest';
import type { JsonObject, KubeObject } from '../../core/kube-object.ts';
import type { Result } from '../../core/problem.ts';
import type { Rendered } from '../../core/render/index.ts';
import { render } from '../../core/render/render.ts';
import type { AdmissionRequest, AdmissionResponse } from '../admission-review.ts';
import { studyChange, type ChangePair, type ChangeStudy } from './change-study.ts';
import { checkRendering } from './check-rendering.ts';
import type { IstioOperatorCheck } from './istio-operator-change.ts';
import { createIstioOperatorHandler } from './istio-operator-handler.ts';

const DEFAULTS = { hub: 'docker.io/istio', tag: '1.31.4' };

const renderHere = (resource: KubeObject): Result<Rendered> =>
  render({ documents: [resource as unknown as JsonObject] }, { form: 'sailwright', defaults: DEFAULTS });
const studyHere = (pair: ChangePair): ChangeStudy => studyChange(pair, renderHere, 'sailwright-system');
const handle = createIstioOperatorHandler({ study: studyHere, checks: [checkRendering] });

function istioOperator(spec: JsonObject, metadata: JsonObject = {}): JsonObject {
  const named = { name: 'istio', namespace: 'istio-system', ...metadata };
  return { apiVersion: 'install.istio.io/v1alpha1', kind: 'IstioOperator', metadata: named, spec };
}

function ask(object: JsonObject, oldObject?: JsonObject): Promise<AdmissionResponse> {
  const operation = oldObject ? 'UPDATE' : 'CREATE';
  const context = { path: '/validate-istiooperator', peer: '', signal: new AbortController().signal };
  return Promise.resolve(handle({ uid: 'u', operation, object, ...(oldObject ? { oldObject } : {}) }, context));
}

const available = { components: { pilot: { k8s: { hpaSpec: { minReplicas: 2, maxReplicas: 5 } } } } };

describe('/validate-istiooperator', () => {
  it('takes what can be reconciled', async () => {
    expect(await ask(istioOperator(available))).toEqual({ allowed: true, verdict: 'Valid', warnings: [] });
  });

  it.each<[what: string, spec: JsonObject, cause: string]>([
    ['a profile that does not exist', { profile: 'defualt' }, 'defualt'],
    ['a field that does not exist', { components: { pilot: { enable: true } } }, 'spec.components.pilot.enable'],
    ['a mesh that istiod could not use', { meshConfig: { trustDomain: 'a/b' } }, 'spec.meshConfig.trustDomain'],
  ])('refuses %s', async (_what, spec, cause) => {
    const { allowed, message } = await ask(istioOperator(spec));
    expect(allowed).toBe(false);
    expect(message).toContain(cause);
  });

  it('refuses a template that does not inject a sample pod, and says so', async () => {
    const spec = { values: { sidecarInjectorWebhook: { templates: { own: 'a: b\n{{ if }}' } } } };
    const { allowed, verdict, message } = await ask(istioOperator(spec));
    expect({ allowed, verdict }).toEqual({ allowed: false, verdict: 'InjectionBroken' });
    expect(message).toContain('spec.values.sidecarInjectorWebhook.templates.own: the template cannot be read: line 2');
  });

  it('warns of a control plane with one replica', async () => {
    const { allowed, warnings } = await ask(istioOperator({ profile: 'default' }));
    expect(allowed).toBe(true);
    expect(warnings).toEqual([expect.stringContaining('spec.components.pilot.k8s.hpaSpec.minReplicas')]);
    const fixed = {
      values: { pilot: { autoscaleEnabled: false } },
      components: { pilot: { k8s: { replicaCount: 3 } } },
    };
    expect((await ask(istioOperator(fixed))).warnings).toEqual([]);
  });

  it('lets pass an update of labels and annotations, and the end, of what is bad', async () => {
    const bad = istioOperator({ profile: 'gone' });
    for (const metadata of [{ labels: { a: 'b' } }, { annotations: { 'install.istio.io/ignoreReconcile': 'true' } }]) {
      const changed = istioOperator({ profile: 'gone' }, metadata);
      expect(await ask(changed, bad)).toMatchObject({ allowed: true, verdict: 'SpecUnchanged' });
    }
    const ending = istioOperator({ profile: 'gone' }, { deletionTimestamp: '2026-01-01T00:00:00Z' });
    expect((await ask(ending)).allowed).toBe(true);
  });

  it.each<[what: string, request: Partial<AdmissionRequest>, verdict: string]>([
    ['a status', { operation: 'UPDATE', subResource: 'status' }, 'NotAWrite'],
    ['a deletion that no check is against', { operation: 'DELETE', oldObject: istioOperator({}) }, 'Valid'],
  ])('lets pass %s', async (_what, request, verdict) => {
    const context = { path: '/validate-istiooperator', peer: '', signal: new AbortController().signal };
    expect(await handle({ uid: 'u', operation: 'CREATE', ...request }, context)).toMatchObject({
      allowed: true,
      verdict,
    });
  });

  it('asks its checks in order, and ends with the first denial', async () => {
    const warned: IstioOperatorCheck = () => ({ warnings: ['first'] });
    const denied: IstioOperatorCheck = ({ operation }) => ({ denial: { verdict: 'No', message: `no ${operation}` } });
    const checks = [warned, denied, (): never => expect.unreachable('asked after a denial')];
    const judge = createIstioOperatorHandler({ study: () => expect.unreachable('nobody asked for it'), checks });
    const context = { path: '/validate-istiooperator', peer: '', signal: new AbortController().signal };
    const answer = await judge({ uid: 'u', operation: 'DELETE', oldObject: istioOperator({}) }, context);
    expect(answer).toEqual({ allowed: false, verdict: 'No', message: 'no DELETE', warnings: ['first'] });
  });
});
