import { afterEach, describe, expect, it } from 'vitest';
import { namespaceObject, podObject, renderControlPlane } from '../../../test/builders/control-plane.ts';
import { startInjectionRegistry } from '../../../test/builders/injection-registry.ts';
import type { JsonObject, KubeObject } from '../../core/kube-object.ts';
import type { AdmissionRequest } from '../admission-review.ts';
import type { AdmissionContext, EncodedAnswer } from '../server/admission-handler.ts';
import type { ApartInjector, InjectionHelpers } from './apart-injector.ts';
import { injectQuickReview, injectRequest, injectReview, warmUp } from './inject-apart.ts';
import { createInjectionHandler, createInjectionRoute } from './injection-handler.ts';
import type { InjectionRegistry } from './injection-registry.ts';

const CONTEXT: AdmissionContext = { path: '/inject', peer: 'a', signal: new AbortController().signal };
const OPERATOR = 'sailwright-system';

let registry: InjectionRegistry | undefined;
afterEach(() => registry?.stop());

/** As another thread does: it gets copies only. */
const APART: ApartInjector = {
  injectBody: (body, call) => injectReview(structuredClone(new Uint8Array(body)), structuredClone(call)),
  injectRequest: (request, call) => injectRequest(structuredClone(request), structuredClone(call)),
};

/** Other threads with room for everything. */
const HELPERS: InjectionHelpers = {
  offer: (body, call) => injectQuickReview(structuredClone(new Uint8Array(body)), structuredClone(call)),
};

async function start(objects: KubeObject[], apart = APART, helpers = HELPERS) {
  const { api, configs } = await startInjectionRegistry(objects);
  registry = configs;
  const options = { configs, operatorNamespace: OPERATOR, findUnready: () => undefined, apart, helpers };
  return { api, configs, route: createInjectionRoute(options), here: createInjectionHandler(options) };
}

function requestOf(annotations: Record<string, string> = {}, labels: Record<string, string> = {}): AdmissionRequest {
  const object = podObject('shop', 'web', { annotations, labels }) as unknown as JsonObject;
  return { uid: '1', operation: 'CREATE', namespace: 'shop', object };
}

function reviewOf(request: AdmissionRequest): Buffer {
  return Buffer.from(JSON.stringify({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', request }));
}

/** Verdict and patch of an answer that is written already. */
function read({ body, verdict }: EncodedAnswer): { verdict: string; allowed: boolean; patch: unknown } {
  const { response } = JSON.parse(Buffer.from(body).toString('utf8')) as {
    response: { allowed: boolean; patch?: string };
  };
  const patch = response.patch && Buffer.from(response.patch, 'base64').toString('utf8');
  return { verdict, allowed: response.allowed, patch };
}

const openShift = { global: { platform: 'openshift' } };
const range = { 'openshift.io/sa.scc.uid-range': '1000650000/10000', 'openshift.io/sa.scc.supplemental-groups': '1/1' };

describe('injection in another thread', () => {
  it.each<[string, KubeObject[], AdmissionRequest, string]>([
    ['a pod', renderControlPlane(), requestOf(), '/inject'],
    ['a pod that is skipped', renderControlPlane(), requestOf({}, { 'sidecar.istio.io/inject': 'false' }), '/inject'],
    ['a wrong annotation', renderControlPlane(), requestOf({ 'sidecar.istio.io/inject': 'perhaps' }), '/inject'],
    ['an unknown revision', renderControlPlane(), requestOf(), '/inject/revision/none'],
    ['a cluster in the path', renderControlPlane(), requestOf(), '/inject/cluster/east/net/n1'],
    ['OpenShift', [...renderControlPlane(openShift), namespaceObject('shop', {}, range)], requestOf(), '/inject'],
    [
      'a probe',
      renderControlPlane(),
      { ...requestOf({ 'sailwright.dev/webhook-probe': 'true' }), dryRun: true },
      '/inject',
    ],
  ])('says the same as in this one: %s', async (_what, objects, request, path) => {
    const { here, route } = await start(objects);
    const context = { ...CONTEXT, path };
    const answer = read((await route.large?.judge(reviewOf(request), context)) as EncodedAnswer);
    // Twice: answers to pods of one workload are kept.
    for (const body of [reviewOf(request), reviewOf(request)]) {
      expect(read((await route.offer?.(body, context)) as EncodedAnswer)).toEqual(answer);
    }
    const isProbe = request.dryRun === true;
    const expected = await (isProbe ? route.handle(request, context) : here(request, context));
    expect(answer).toEqual({ verdict: expected.verdict, allowed: expected.allowed, patch: expected.patch });
  });

  it('tells what is wrong with a body that is no review', async () => {
    const { route } = await start(renderControlPlane());
    expect(read((await route.large?.judge(Buffer.from('{'), CONTEXT)) as EncodedAnswer)).toMatchObject({
      verdict: 'Undecodable',
      allowed: false,
    });
  });

  it('injects by what was stored last', async () => {
    const { api, route, here } = await start(renderControlPlane());
    const large = async () =>
      JSON.stringify(read((await route.large?.judge(reviewOf(requestOf()), CONTEXT)) as EncodedAnswer));
    expect(await large()).not.toContain('proxy.example/');
    for (const object of renderControlPlane({ global: { hub: 'proxy.example' } })) {
      if (object.kind === 'ConfigMap') api.seed(object);
    }
    await expect.poll(() => JSON.stringify(here(requestOf(), CONTEXT))).toContain('proxy.example/');
    expect(await large()).toContain('proxy.example/');
  });

  const costly: [string, Record<string, string>][] = [
    ['many templates', { 'inject.istio.io/templates': Array.from({ length: 20 }, () => 'sidecar').join(',') }],
    ['a long ProxyConfig', { 'proxy.istio.io/config': `proxyMetadata: { A: ${'b'.repeat(2_000)} }` }],
  ];
  it.each(costly)('is left a small pod with %s', async (_what, annotations) => {
    const asked: AdmissionRequest[] = [];
    const injectRequestApart: ApartInjector['injectRequest'] = (request, call, caller) => {
      asked.push(request);
      return APART.injectRequest(request, call, caller);
    };
    const { here, route } = await start(renderControlPlane(), { ...APART, injectRequest: injectRequestApart });
    const request = requestOf(annotations);
    const answer = await route.handle(request, CONTEXT);
    expect(asked).toEqual([request]);
    expect(answer.patch).toEqual((await here(request, CONTEXT)).patch);
  });

  it.each(costly)('is left one by a thread that helps, too: %s', async (_what, annotations) => {
    const asked: Buffer[] = [];
    const injectBody: ApartInjector['injectBody'] = (body, call, caller) => {
      asked.push(body);
      return APART.injectBody(body, call, caller);
    };
    const { here, route } = await start(renderControlPlane(), { ...APART, injectBody });
    const request = requestOf(annotations);
    const answer = read((await route.offer?.(reviewOf(request), CONTEXT)) as EncodedAnswer);
    expect(asked).toEqual([reviewOf(request)]);
    expect(answer.patch).toEqual((await here(request, CONTEXT)).patch);
  });

  it('is done here while no thread that helps has room, and while control planes are read', async () => {
    const { configs, route } = await start(renderControlPlane(), APART, { offer: () => undefined });
    expect(route.offer?.(reviewOf(requestOf()), CONTEXT)).toBeUndefined();
    const unread = createInjectionRoute({
      configs: {
        reading: () => Promise.resolve(),
        configOf: () => ({ problem: 'unread' }),
        namespaceOf: () => undefined,
        sourceOf: (...target) => configs.sourceOf(...target),
      },
      operatorNamespace: OPERATOR,
      findUnready: () => undefined,
      apart: APART,
      helpers: HELPERS,
    });
    expect(unread.offer?.(reviewOf(requestOf()), CONTEXT)).toBeUndefined();
  });

  it('can be prepared by any pod', async () => {
    const { configs } = await start(renderControlPlane());
    const call = { path: '/inject', operatorNamespace: OPERATOR, source: configs.sourceOf('', 'istio-system') };
    for (const body of [reviewOf(requestOf()), Buffer.from('{'), reviewOf(requestOf(costly[0]?.[1]))]) {
      await expect(warmUp(body, call)).resolves.toBeUndefined();
    }
  });

  it('is left no pod as people write them', async () => {
    const { route } = await start(renderControlPlane());
    const request = requestOf({ 'proxy.istio.io/config': 'holdApplicationUntilProxyStarts: true' });
    expect(route.handle(request, CONTEXT)).not.toBeInstanceOf(Promise);
  });
});
