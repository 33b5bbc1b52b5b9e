import { expect, it } from 'vitest';
import { OWNER, renderControlPlane } from '../../../test/builders/control-plane.ts';
import { objectKey, refOf, type KubeObject } from '../kube-object.ts';
import { finish } from '../pausable.ts';
import type { DesiredObject } from './desired.ts';
import { planObjects } from './plan-objects.ts';
import { findConflicts, withholdCompetingWebhooks } from './withhold-webhooks.ts';

const desired: DesiredObject[] = renderControlPlane({ revisionTags: ['prod'] }).map((object) => ({
  key: objectKey(refOf(object)),
  ref: refOf(object),
  component: 'Pilot',
  instance: 'istiod',
  phase: 0,
  hash: '',
  object,
  createOnly: false,
}));
const webhooks = desired.filter(({ ref }) => ref.kind === 'MutatingWebhookConfiguration').map(({ object }) => object);
const other = (source: KubeObject | undefined): KubeObject[] =>
  source ? [{ ...source, metadata: { ...source.metadata, name: 'old' } }] : [];

/** Not the one whose labels the objects in the cluster carry. */
const ME = { name: 'mine', namespace: 'ops' };

function planned(inCluster: KubeObject[], owner = ME): { created: string[]; blocked: string[] } {
  const live = new Map(desired.map(({ key }) => [key, { state: 'absent' as const }]));
  const input = {
    desired,
    live,
    owned: new Map(),
    owner: OWNER,
    others: [],
    gaps: new Map(),
    isAdoptionApproved: false,
  };
  const result = withholdCompetingWebhooks(finish(planObjects(input)), findConflicts(desired, inCluster, owner));
  const ofWebhooks = (objects: DesiredObject[]): string[] =>
    objects.filter(({ ref }) => ref.kind === 'MutatingWebhookConfiguration').map(({ ref }) => ref.name);
  return {
    created: ofWebhooks(result.create),
    blocked: result.blocked.map(({ desired: { ref }, cause }) => `${ref.name}: ${cause.split(' (')[0] ?? ''}`),
  };
}

it('withholds the webhooks that would meet another injector, and no others', () => {
  const [plain, tagged] = webhooks;
  expect(planned([])).toEqual({ created: ['istio-sidecar-injector', 'istio-revision-tag-prod'], blocked: [] });
  expect(planned(other(plain), OWNER).blocked).toEqual([]);
  expect(planned(other(plain))).toEqual({
    created: ['istio-revision-tag-prod'],
    blocked: ['istio-sidecar-injector: MutatingWebhookConfiguration old'],
  });
  expect(planned(other(tagged))).toEqual({
    created: ['istio-sidecar-injector'],
    blocked: ['istio-revision-tag-prod: MutatingWebhookConfiguration old'],
  });
});
