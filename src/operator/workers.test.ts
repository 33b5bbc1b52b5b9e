import { describe, expect, it } from 'vitest';
import type { JsonObject, KubeObject } from '../core/kube-object.ts';
import { PoolError, type PoolFailure } from '../runtime/worker-pool.ts';
import { createSilentLog } from '../telemetry/log.ts';
import { ATTACKS } from '../../test/builders/attacks.ts';
import { writeSource } from '../webhooks/inject/injection-source.ts';
import { controlPlaneObjects } from '../../test/builders/control-plane.ts';
import { HelpingInjectors } from './helping-injectors.ts';
import { renderResource } from './render-resource.ts';
import {
  createApartAnalysis,
  createApartAudit,
  createApartInjector,
  createApartJudge,
  createRenderer,
  createWorkers,
} from './workers.ts';

const SURROUNDINGS = { kubeVersion: undefined, webhookEndpoint: { namespace: 'sailwright-system' } };
const NO_POOL = { run: () => Promise.reject(new Error('asked a worker')) };

function istioOperator(spec: JsonObject): KubeObject {
  return { apiVersion: 'install.istio.io/v1alpha1', kind: 'IstioOperator', metadata: { name: 'a' }, spec };
}

describe('a renderer', () => {
  it('renders what people write without a worker', async () => {
    const result = await createRenderer(NO_POOL)(istioOperator({ profile: 'demo' }), SURROUNDINGS);
    expect(result.ok).toBe(true);
  });

  const attacks = ATTACKS.filter(({ path }) => path === '/validate-istiooperator');
  it.each(attacks.map((attack) => [attack.name, attack] as const))('leaves to a worker: %s', async (_name, attack) => {
    const resource = attack.build(attack.size) as unknown as KubeObject;
    await expect(createRenderer(NO_POOL)(resource, SURROUNDINGS)).rejects.toThrow('asked a worker');
  });

  it('leaves templates to a worker, for they are tried', async () => {
    const own = { sidecarInjectorWebhook: { templates: { own: 'metadata: {}' } } };
    for (const spec of [{ values: own }, { unvalidatedValues: own }]) {
      await expect(createRenderer(NO_POOL)(istioOperator(spec), SURROUNDINGS)).rejects.toThrow('asked a worker');
    }
  });

  const failures: [PoolFailure, string][] = [
    ['late', 'takes longer than 10 s'],
    ['memory', 'takes too much memory'],
  ];
  it.each(failures)('makes it a problem of the resource when a worker is ended: %s', async (failure, message) => {
    const pool = { run: () => Promise.reject(new PoolError(failure, message)) };
    const env = Array.from({ length: 3_000 }, (_, i) => ({ name: `V${i}`, value: 'a' }));
    const resource = istioOperator({ components: { pilot: { k8s: { env } } } });
    const result = await createRenderer(pool)(resource, SURROUNDINGS);
    expect(result).toMatchObject({
      ok: false,
      problems: [{ path: 'spec', message: `${message} to render: make it smaller, or split it` }],
    });
  });
});

/** A thread first loads all sources here, which takes seconds on a busy machine. */
const PATIENT = { log: createSilentLog(), jobMs: 50_000 };

describe('workers', () => {
  it('render and judge as this thread does', async () => {
    const pool = createWorkers('admission', PATIENT);
    try {
      const env = Array.from({ length: 3_000 }, (_, i) => ({ name: `V${i}`, value: 'a' }));
      const large = istioOperator({ components: { pilot: { k8s: { env } } } });
      const rendered = await createRenderer(pool)(large, SURROUNDINGS);
      expect(JSON.stringify(rendered)).toContain('V2999');
      expect(rendered).toEqual(renderResource(large, SURROUNDINGS));
      const object = { apiVersion: 'networking.istio.io/v1', kind: 'Gateway', metadata: { name: 'a' }, spec: {} };
      const review = { request: { uid: 'u', operation: 'CREATE', object } };
      const body = { apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', ...review };
      const caller = { peer: 'a', signal: new AbortController().signal };
      const judged = await createApartJudge(pool).judgeBody(Buffer.from(JSON.stringify(body)), caller);
      expect(judged).toMatchObject({ uid: 'u', response: { allowed: false, verdict: 'Invalid' } });
    } finally {
      await pool.stop();
    }
  }, 60_000);

  it('render the release that a resource names, or has', async () => {
    const pool = createWorkers('rendering', PATIENT);
    const env = Array.from({ length: 3_000 }, (_, i) => ({ name: `V${i}`, value: 'a' }));
    const large = istioOperator({ components: { pilot: { k8s: { env } } } });
    const releaseOf = async (parts: Partial<KubeObject>): Promise<string | undefined> => {
      const result = await createRenderer(pool)({ ...large, ...parts }, SURROUNDINGS);
      return result.ok ? result.value.release : undefined;
    };
    try {
      const annotations = { 'sailwright.dev/istio-version': '1.30' };
      expect(await releaseOf({ metadata: { name: 'a', annotations } })).toMatch(/^1\.30\./);
      expect(await releaseOf({ status: { istioVersion: '1.30' } })).toMatch(/^1\.30\./);
    } finally {
      await pool.stop();
    }
  }, 60_000);

  it('inject', async () => {
    const pool = createWorkers('injection', PATIENT);
    try {
      const source = writeSource('istio-system/', {
        objects: controlPlaneObjects(),
        nodes: [],
        proxyConfigs: [],
        namespaces: [],
      });
      const call = { path: '/inject', operatorNamespace: 'sailwright-system', source };
      const caller = { peer: 'a', signal: new AbortController().signal };
      const object = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' }, spec: { containers: [{ name: 'a' }] } };
      const request = { uid: 'u', operation: 'CREATE' as const, namespace: 'shop', object };
      const review = { apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', request };
      const injector = createApartInjector(pool);
      const { body, verdict } = await injector.injectBody(Buffer.from(JSON.stringify(review)), call, caller);
      expect(verdict).toBe('PolicyEnabled');
      expect(Buffer.from(body).toString('utf8')).toContain('"patchType":"JSONPatch"');
      expect((await injector.injectRequest(request, call, caller)).patch).toContain('istio-proxy');
      const helping = createWorkers('answering', { ...PATIENT, size: 1 });
      const helpers = new HelpingInjectors({ pool: helping, log: createSilentLog() });
      const offer = async () => helpers.offer(Buffer.from(JSON.stringify(review)), call);
      const answers = async () => (await Promise.all(Array.from({ length: 32 }, offer))).filter((answer) => answer);
      await expect.poll(answers, { timeout: 30_000 }).not.toEqual([]);
      for (const answer of await answers()) expect(Buffer.from(answer?.body ?? []).equals(body)).toBe(true);
      await helping.stop();
    } finally {
      await pool.stop();
    }
  }, 60_000);

  it('judge by the releases of those who read a resource', async () => {
    const pool = createWorkers('admission', PATIENT);
    const spec = { egress: [{ hosts: ['~team/*', 'prod/*'] }] };
    const metadata = { name: 'a', namespace: 'team' };
    const sidecar = { apiVersion: 'networking.istio.io/v1', kind: 'Sidecar', metadata, spec };
    const text = JSON.stringify(sidecar);
    const request = { uid: 'u', operation: 'CREATE' as const, namespace: 'team', object: sidecar };
    const body = { apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', request };
    const caller = { peer: 'a', signal: new AbortController().signal };
    try {
      for (const [release, allowed] of [
        ['1.30.8', false],
        ['1.31.4', true],
      ] as const) {
        const readers = [{ revision: '', release }];
        const judge = createApartJudge(pool, { list: () => readers });
        expect((await judge.judgeBody(Buffer.from(JSON.stringify(body)), caller)).response.allowed).toBe(allowed);
        expect((await judge.judgeRequest(request, caller)).response.allowed).toBe(allowed);
        const audit = createApartAudit(pool)(new Uint8Array(Buffer.from(text)), { owner: 'team', readers });
        expect(await audit).toHaveLength(allowed ? 0 : 1);
      }
    } finally {
      await pool.stop();
    }
  }, 60_000);

  it('audit and analyze what is stored', async () => {
    const pool = createWorkers('background', PATIENT);
    try {
      const http = [{ route: [{ destination: { host: 'web' } }] }];
      const metadata = { name: 'a', namespace: 'shop' };
      const virtualService = { apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', metadata };
      const text = (spec: JsonObject): Uint8Array<ArrayBuffer> =>
        new Uint8Array(Buffer.from(JSON.stringify({ ...virtualService, spec })));
      const by = { owner: 'shop', readers: [] };
      expect(await createApartAudit(pool)(text({ hosts: ['web'], http }), by)).toEqual([]);
      expect((await createApartAudit(pool)(text({ hosts: ['a b'], http }), by))[0]).toMatch(/^spec\.hosts/);
      const view = { now: 0, istioNamespace: 'istio-system', operatorNamespace: 'sailwright-system', readers: [] };
      const analysis = await createApartAnalysis(pool)([text({ hosts: ['web'], http })], view);
      expect(analysis.counts).toEqual([{ code: 'IST0101', level: 'Error', count: 1 }]);
      expect(analysis.told).toMatchObject([{ code: 'IST0101', path: 'spec.http[0].route[0].destination.host' }]);
      expect(analysis.reports).toMatchObject([{ metadata: { namespace: 'shop' }, summary: { errors: 1 } }]);
    } finally {
      await pool.stop();
    }
  }, 60_000);
});
