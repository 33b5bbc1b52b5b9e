import { describe, expect, it } from 'vitest';
import type { KubeObject, ObjectMeta } from '../kube-object.ts';
import { findWeightsOwner } from './weights-owner.ts';

function route(
  metadata: Partial<ObjectMeta>,
  ...managers: [manager: string, time: string, field?: string][]
): KubeObject {
  const managedFields = managers.map(([manager, time, field = 'f:http']) => ({
    manager,
    time,
    operation: 'Update',
    fieldsV1: { 'f:spec': { [field]: {} } },
  }));
  const name = { name: 'reviews', namespace: 'shop', managedFields };
  return { apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', metadata: { ...name, ...metadata } };
}

const EARLY = '2026-01-01T00:00:00Z';
const LATE = '2026-01-02T00:00:00Z';

describe('who owns the weights', () => {
  it.each<[string, KubeObject, object]>([
    [
      'the last of those who own the rules',
      route({}, ['helm', LATE], ['kubectl', EARLY]),
      { manager: 'helm', since: LATE },
    ],
    ['not who owns something else', route({}, ['kubectl', EARLY], ['x', LATE, 'f:hosts']), { manager: 'kubectl' }],
    ['nobody known', route({}), { manager: undefined }],
  ])('is %s', (_, object, owner) => {
    expect(findWeightsOwner(object, 'VirtualService')).toMatchObject(owner);
    expect(findWeightsOwner(object, 'VirtualService').refusal).toBeUndefined();
  });
});

const FLUX = { 'kustomize.toolkit.fluxcd.io/name': 'apps', 'kustomize.toolkit.fluxcd.io/namespace': 'flux-system' };
const ssa = (value: string): Partial<ObjectMeta> => ({
  labels: FLUX,
  annotations: { 'kustomize.toolkit.fluxcd.io/ssa': value },
});

describe('a shift is refused', () => {
  it.each<[string, KubeObject, string | undefined]>([
    [
      'where a Canary of Flagger made the route',
      route({ ownerReferences: [{ apiVersion: 'flagger.app/v1beta1', kind: 'Canary', name: 'reviews' }] }),
      'Flagger writes these weights for its Canary reviews: ',
    ],
    ['where Flagger wrote last', route({}, ['flagger', LATE]), 'Flagger writes these weights: '],
    ['where Argo Rollouts did', route({}, ['rollouts-controller', LATE]), 'Argo Rollouts writes these weights: '],
    [
      'where Flux applies the route',
      route({ labels: FLUX }),
      'Kustomization flux-system/apps of Flux would set this back: annotate the object in Git with kustomize.toolkit.fluxcd.io/ssa: IfNotPresent',
    ],
    ['where Flux merges', route(ssa('Merge')), 'would set this back'],
    ['not where Flux leaves it alone', route(ssa('IfNotPresent')), undefined],
    ['not where Flux ignores it', route(ssa('ignore')), undefined],
    [
      'not where Flux does not reconcile it',
      route({ labels: FLUX, annotations: { 'kustomize.toolkit.fluxcd.io/reconcile': 'disabled' } }),
      undefined,
    ],
    ['not for another owner', route({ ownerReferences: [{ apiVersion: 'apps/v1', kind: 'Deployment' }] }), undefined],
  ])('%s', (_, object, text) => {
    const { refusal } = findWeightsOwner(object, 'VirtualService');
    if (text === undefined) expect(refusal).toBeUndefined();
    else expect(refusal).toContain(text);
  });
});

describe('it is told what to tell', () => {
  const tracking = { 'argocd.argoproj.io/tracking-id': 'shop:networking.istio.io/VirtualService:shop/reviews' };
  it.each<[string, KubeObject, 'VirtualService' | 'HTTPRoute', string]>([
    ['Argo CD, by its mark', route({ annotations: tracking }), 'VirtualService', '.spec.http[].route[].weight'],
    [
      'Argo CD, by its manager',
      route({}, ['argocd-controller', LATE]),
      'VirtualService',
      'RespectIgnoreDifferences=true',
    ],
    ['Argo CD, of an HTTPRoute', route({ annotations: tracking }), 'HTTPRoute', '.spec.rules[].backendRefs[].weight'],
    [
      'a HelmRelease',
      route({ labels: { 'helm.toolkit.fluxcd.io/name': 'shop', 'helm.toolkit.fluxcd.io/namespace': 'flux-system' } }),
      'VirtualService',
      'HelmRelease flux-system/shop of Flux sets these weights back when it upgrades',
    ],
  ])('%s', (_, object, kind, text) => {
    const { advice, refusal } = findWeightsOwner(object, kind);
    expect(refusal).toBeUndefined();
    expect(advice).toContain(text);
  });
});
