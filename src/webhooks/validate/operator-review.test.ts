import { describe, expect, it } from 'vitest';
import { refOf, type JsonObject, type KubeObject } from '../../core/kube-object.ts';
import type { Result } from '../../core/problem.ts';
import type { Rendered } from '../../core/render/index.ts';
import { render } from '../../core/render/render.ts';
import type { AdmissionRequest } from '../admission-review.ts';
import type { AdmissionContext, ReviewAnswer } from '../server/admission-handler.ts';
import { studyChange, type ChangePair, type ChangeStudy } from './change-study.ts';
import { createRemovalCheck, type FindUsers } from './check-removal.ts';
import { checkRendering } from './check-rendering.ts';
import { createRightsCheck } from './check-rights.ts';
import { createIstioOperatorRoute } from './istio-operator-handler.ts';
import { reviewOperator } from './operator-review.ts';

const DEFAULTS = { hub: 'docker.io/istio', tag: '1.31.4' };
const CONTEXT: AdmissionContext = { path: '/', peer: '', signal: new AbortController().signal };

const renderHere = (resource: KubeObject): Result<Rendered> =>
  render({ documents: [resource as unknown as JsonObject] }, { form: 'sailwright', defaults: DEFAULTS });
const study = (pair: ChangePair): ChangeStudy => studyChange(pair, renderHere, 'sailwright-system');

function listRendered(resource: KubeObject): JsonObject[] {
  const result = renderHere(resource);
  return result.ok
    ? result.value.components.flatMap(({ objects }) => objects.map((object) => ({ ...refOf(object) })))
    : [];
}

/** A route whose checks note what they are told of the objects. */
function createRoute(): { route: ReturnType<typeof createIstioOperatorRoute>; told: Parameters<FindUsers>[0][] } {
  const told: Parameters<FindUsers>[0][] = [];
  const findUsers: FindUsers = (removal) => {
    told.push(removal);
    return Promise.resolve({ text: '', isKept: false });
  };
  const rights = createRightsCheck(() => ({
    askAccess: (_requester, { namespace }) => Promise.resolve(namespace === 'istio-system'),
    api: { get: ({ apiVersion, kind, name }) => Promise.resolve({ apiVersion, kind, metadata: { name } }) },
  }));
  const checks = [checkRendering, rights, createRemovalCheck(findUsers)];
  // As from another thread: nothing is shared.
  const review = (body: Buffer): Promise<ReturnType<typeof reviewOperator>> =>
    Promise.resolve(structuredClone(reviewOperator(new Uint8Array(body), { study, listRendered })));
  return { route: createIstioOperatorRoute({ study, checks }, review), told };
}

async function judgeLarge(request: unknown): Promise<ReviewAnswer & { told: Parameters<FindUsers>[0][] }> {
  const { route, told } = createRoute();
  const body = { apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', request };
  return { ...((await route.large?.judge(Buffer.from(JSON.stringify(body)), CONTEXT)) as ReviewAnswer), told };
}

function istioOperator(spec: JsonObject, metadata: JsonObject = {}, status: JsonObject = {}): JsonObject {
  const named = { name: 'istio', namespace: 'istio-system', ...metadata };
  return { apiVersion: 'install.istio.io/v1alpha1', kind: 'IstioOperator', metadata: named, spec, status };
}

const good = istioOperator({ profile: 'minimal' });
const leaving = { deletionTimestamp: '2026-01-01T00:00:00Z' };

describe('a review of an IstioOperator that another thread reads', () => {
  it.each<[what: string, request: Partial<AdmissionRequest>]>([
    ['a creation that asks for too many rights', { object: good }],
    ['a creation that cannot be rendered', { object: istioOperator({ profile: 'none' }) }],
    ['a change', { operation: 'UPDATE', object: istioOperator({ profile: 'default' }), oldObject: good }],
    [
      'a change of labels',
      { operation: 'UPDATE', object: istioOperator({ profile: 'minimal' }, { labels: { a: 'b' } }), oldObject: good },
    ],
    [
      'the end of one that cannot be rendered',
      { operation: 'UPDATE', object: istioOperator({ profile: 'none' }, leaving), oldObject: good },
    ],
    ['a deletion', { operation: 'DELETE', object: null, oldObject: good }],
    ['a status', { operation: 'UPDATE', subResource: 'status', object: good, oldObject: good }],
    ['a missing resource', { object: null }],
  ])('is answered as one that is read here: %s', async (_what, change) => {
    const request: AdmissionRequest = { uid: 'u', operation: 'CREATE', userInfo: { username: 'eve' }, ...change };
    const here = await createRoute().route.handle(request, CONTEXT);
    expect(await judgeLarge(request)).toMatchObject({ version: 'admission.k8s.io/v1', uid: 'u', response: here });
  });

  it('tells checks what the resource has, also where its status is lost', async () => {
    const [lost] = (await judgeLarge({ uid: 'u', operation: 'DELETE', oldObject: good })).told;
    const { inventory } = lost?.resource['status'] as { inventory: KubeObject[] };
    expect(inventory).toContainEqual(expect.objectContaining({ kind: 'Deployment', name: 'istiod' }));
    const stored = istioOperator({ profile: 'minimal' }, {}, { inventory: [{ kind: 'A' }] });
    const [known] = (await judgeLarge({ uid: 'u', operation: 'DELETE', oldObject: stored })).told;
    expect(known?.resource['status']).toEqual({ inventory: [{ kind: 'A' }] });
    expect(known?.resource).not.toHaveProperty('spec');
  });

  it('says what is wrong with a body that is no review', async () => {
    expect((await judgeLarge('none')).response).toMatchObject({ allowed: false, verdict: 'Undecodable' });
  });

  it('hands no mountain of metadata on', async () => {
    const annotations = Object.fromEntries(Array.from({ length: 30_000 }, (_, i) => [`a${i}`, '']));
    const { response } = await judgeLarge({
      uid: 'u',
      operation: 'CREATE',
      object: istioOperator({}, { annotations }),
    });
    expect(response).toMatchObject({ allowed: false, verdict: 'TooMuchWork', code: 413 });
  });
});
