import { expect, it } from 'vitest';
import type { JsonObject } from '../kube-object.ts';
import { render } from './render.ts';

const DEFAULTS = { hub: 'example.com/istio', tag: '1.31.4' };

function warned(
  k8s: JsonObject,
  kind: 'pilot' | 'ingressGateways' = 'ingressGateways',
  spec: JsonObject = {},
): string[] {
  const components =
    kind === 'pilot' ? { pilot: { k8s } } : { ingressGateways: [{ name: 'edge', enabled: true, k8s }] };
  const document: JsonObject = {
    apiVersion: 'install.istio.io/v1alpha1',
    kind: 'IstioOperator',
    metadata: { name: 'a' },
    spec: { components, ...spec },
  };
  const result = render({ documents: [document] }, { form: 'sailwright', defaults: DEFAULTS });
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.warnings.flatMap(({ path, message }) => (path.includes('Budget') ? [`${path} ${message}`] : []));
}

const replicas = (minReplicas: number): JsonObject => ({ hpaSpec: { minReplicas, maxReplicas: 9 } });
const budget = (podDisruptionBudget: JsonObject): JsonObject => ({ podDisruptionBudget });

it.each<[string, JsonObject, string | undefined]>([
  ['80% of 2 must run', { ...replicas(2), ...budget({ minAvailable: '80%' }) }, 'minAvailable'],
  ['51% of 2 must run', { ...replicas(2), ...budget({ minAvailable: '51%' }) }, 'minAvailable'],
  ['50% of 2 must run', { ...replicas(2), ...budget({ minAvailable: '50%' }) }, undefined],
  ['100% of 5 must run', { ...replicas(5), ...budget({ minAvailable: '100%' }) }, 'minAvailable'],
  ['50% of 1 must run', { ...replicas(1), ...budget({ minAvailable: '50%' }) }, 'minAvailable'],
  ['67% of 3 must run', { ...replicas(3), ...budget({ minAvailable: '67%' }) }, 'minAvailable'],
  ['66% of 3 must run', { ...replicas(3), ...budget({ minAvailable: '66%' }) }, undefined],
  ['as many as there are must run', { ...replicas(3), ...budget({ minAvailable: 3 }) }, 'minAvailable'],
  ['one of 2 must run', { ...replicas(2), ...budget({ minAvailable: 1 }) }, undefined],
  ['0% may be missing', { ...replicas(4), ...budget({ maxUnavailable: '0%' }) }, 'maxUnavailable'],
  ['none may be missing', { ...replicas(4), ...budget({ maxUnavailable: 0 }) }, 'maxUnavailable'],
  ['1% may be missing, which is one', { ...replicas(4), ...budget({ maxUnavailable: '1%' }) }, undefined],
  [
    'one may be missing, where the chart has a budget too',
    { ...replicas(2), ...budget({ maxUnavailable: 1 }) },
    undefined,
  ],
  ['what the chart says', replicas(1), undefined],
])('a gateway of which %s', (_what, k8s, field) => {
  const found = warned(k8s).map((text) => text.split(' ')[0]);
  expect(found).toEqual(field === undefined ? [] : [expect.stringMatching(new RegExp(`Gateways\\[.*\\.${field}$`))]);
});

it('of istiod too, by the replicas of its Deployment where nothing scales it', () => {
  const values = { pilot: { autoscaleEnabled: false } };
  const found = warned({ replicaCount: 3, ...budget({ minAvailable: '90%' }) }, 'pilot', { values });
  expect(found).toEqual([
    expect.stringMatching(/^spec\.components\.pilot\.k8s\.podDisruptionBudget\.minAvailable "90%" of 3 replicas/),
  ]);
});
