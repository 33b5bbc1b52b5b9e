import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { controlPlaneObjects, namespaceObject, renderControlPlane } from '../../../test/builders/control-plane.ts';
import { FakeKubeApi, refused, unreachable } from '../../../test/builders/fake-kube-api.ts';
import { ABORT_ANNOTATION, APPROVE_ANNOTATION, RESUME_ANNOTATION } from '../../api/our-names.ts';
import { PROXY_ROLLOUT, type ProxyRolloutSpec, type ProxyRolloutStatus } from '../../api/rollout/proxy-rollout.ts';
import { compileInjectionConfig, type CompiledInjectionConfig } from '../../core/inject/compile-injection-config.ts';
import { readControlPlaneConfig } from '../../core/inject/control-plane-config.ts';
import { inject } from '../../core/inject/inject.ts';
import type { KubeObject } from '../../core/kube-object.ts';
import { podTemplateOf } from '../../core/plan/pod-template.ts';
import { stampOf } from '../../core/proxy-rollout/stamp.ts';
import type { Measured } from '../../core/steps/judge-query.ts';
import { computeProgress } from '../../core/proxy-rollout/workload-progress.ts';
import type { RolloutDependencies } from './dependencies.ts';
import { reconcileRollout } from './reconcile.ts';
import { RefusedWork } from './refused-work.ts';
import { ReviewMemo } from './review-memo.ts';

const HOME = 'istio-system';
const REF = { apiVersion: PROXY_ROLLOUT.apiVersion, kind: PROXY_ROLLOUT.kind, namespace: HOME, name: 'r' };
const CONFIGS = ['1.31.3', '1.31.4'].map((tag) =>
  compileInjectionConfig(readControlPlaneConfig(controlPlaneObjects({ global: { tag } }))),
) as [CompiledInjectionConfig, CompiledInjectionConfig];

/** A cluster with the controllers that a rollout counts on, one step at each tick. */
class World {
  readonly api = new FakeKubeApi();
  readonly notes: string[] = [];
  readonly namespaces: KubeObject[];
  now = Date.parse('2026-12-01T12:00:00Z');
  config = CONFIGS[0];
  /** What injects: another than what the rollout counts on where a webhook lags behind. */
  admitted = CONFIGS[0];
  prometheus: RolloutDependencies['prometheus'];
  refused = new RefusedWork();
  reviews = new ReviewMemo();
  most = 0;
  #pods = 0;

  constructor(workloads: readonly [namespace: string, kind: string, name: string][]) {
    for (const object of renderControlPlane()) this.api.seed(object);
    const istiod = { observedGeneration: 0, replicas: 1, updatedReplicas: 1, availableReplicas: 1 };
    const metadata = { name: 'istiod', namespace: HOME };
    this.api.seed({ apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec: { replicas: 1 }, status: istiod });
    const names = [...new Set(workloads.map(([namespace]) => namespace))];
    this.namespaces = names.map((name) => namespaceObject(name, { 'istio-injection': 'enabled' }));
    for (const [namespace, kind, name] of workloads) {
      const labels = { app: name };
      const template = { metadata: { labels }, spec: { containers: [{ name: 'app', image: 'app:1' }] } };
      const object = { apiVersion: 'apps/v1', kind, metadata: { name, namespace, labels, generation: 1 } };
      this.api.seed({ ...object, spec: { replicas: 2, template }, status: settled(1) });
      for (let pod = 0; pod < 2; pod += 1) this.#startPod({ ...object, spec: { template } });
    }
  }

  /** Another image from now on. */
  upgrade(): void {
    this.config = this.admitted = CONFIGS[1];
  }

  ask(spec: ProxyRolloutSpec): void {
    this.api.seed({ ...REF, metadata: { name: 'r', namespace: HOME, generation: 1 }, spec });
  }

  async annotate(annotations: Record<string, string>): Promise<void> {
    await this.api.patch(REF, { metadata: { annotations } });
  }

  /** One look of a controller that knows nothing but what is stored. */
  async look(): Promise<void> {
    const rollout = await this.api.get(REF);
    if (!rollout) throw new Error('there is no rollout');
    await reconcileRollout({ deps: this.#dependencies(), rollout, refused: this.refused, reviews: this.reviews });
  }

  async status(): Promise<ProxyRolloutStatus> {
    return (await this.api.get(REF))?.['status'] ?? {};
  }

  /** Looks and ticks until the phase is there; a failed look is repeated. */
  async runTo(phase: string, { ms = 1_000, looks = 400 } = {}): Promise<ProxyRolloutStatus> {
    for (let count = 0; count < looks; count += 1) {
      await this.look().catch(() => undefined);
      await this.tick(ms);
      const status = await this.status();
      if (status.phase === phase) return status;
    }
    throw new Error(`not ${phase}: ${JSON.stringify(await this.status())}`);
  }

  async list(kind: string): Promise<KubeObject[]> {
    return (await this.api.list({ apiVersion: kind === 'Pod' ? 'v1' : 'apps/v1', kind })).items;
  }

  async workloads(): Promise<KubeObject[]> {
    const lists = await Promise.all(['Deployment', 'StatefulSet'].map((kind) => this.list(kind)));
    return lists.flat().filter(({ metadata }) => metadata.namespace !== HOME);
  }

  /** The controllers of workloads do what is due: see a new template, then replace the pods; make a lost pod anew. */
  async tick(ms: number): Promise<void> {
    this.now += ms;
    const underWay = await Promise.all((await this.workloads()).map((workload) => this.#step(workload)));
    this.most = Math.max(this.most, underWay.filter(Boolean).length);
  }

  /** Whether it was under way. */
  async #step(workload: KubeObject): Promise<boolean> {
    const pods = await this.#podsOf(workload);
    const text = JSON.stringify(podTemplateOf(workload)?.['metadata']);
    const isNew = workload.kind === 'Deployment' && pods.some((pod) => pod['template'] !== text);
    const isUnderWay = isNew || pods.length < 2 || !computeProgress(workload).isSettled;
    const { updatedReplicas } = workload['status'] as { updatedReplicas: number };
    const now = settled(Number(workload.metadata['generation']));
    if (isNew && updatedReplicas === 2) {
      this.api.seed({ ...workload, status: { ...now, updatedReplicas: 0 } });
      return isUnderWay;
    }
    if (isNew)
      pods.forEach(({ metadata: { namespace = '', name } }) =>
        this.api.remove({ apiVersion: 'v1', kind: 'Pod', namespace, name }),
      );
    for (let have = isNew ? 0 : pods.length; have < 2; have += 1) this.#startPod(workload);
    this.api.seed({ ...workload, status: now });
    return isUnderWay;
  }

  async #podsOf({ metadata: { namespace, name } }: KubeObject): Promise<KubeObject[]> {
    const { items } = await this.api.list({ apiVersion: 'v1', kind: 'Pod' }, { namespace: namespace ?? '' });
    return items.filter(({ metadata }) => metadata.labels?.['app'] === name);
  }

  #startPod(workload: KubeObject): void {
    this.#pods += 1;
    const { name, namespace = '' } = workload.metadata;
    const hash = workload.kind === 'Deployment' ? { 'pod-template-hash': 'abc' } : {};
    const owner =
      workload.kind === 'Deployment' ? { kind: 'ReplicaSet', name: `${name}-abc` } : { kind: workload.kind, name };
    const template = podTemplateOf(workload) as { metadata: KubeObject['metadata']; spec: object };
    const metadata = {
      ...template.metadata,
      name: `${name}-${this.#pods}`,
      namespace,
      generateName: `${name}-`,
      labels: { ...template.metadata.labels, ...hash },
      ownerReferences: [{ apiVersion: 'apps/v1', ...owner, controller: true, uid: '1' }],
    };
    const pod = this.#admit({ apiVersion: 'v1', kind: 'Pod', metadata, spec: { nodeName: 'n', ...template.spec } });
    const conditions = [{ type: 'Ready', status: 'True' }];
    this.api.seed({
      ...pod,
      metadata: { ...pod.metadata, creationTimestamp: new Date(this.now).toISOString().replace(/\.\d+Z/, 'Z') },
      status: { phase: 'Running', conditions },
      template: JSON.stringify(template.metadata),
    });
  }

  #admit(pod: KubeObject): KubeObject {
    const result = inject({ pod: pod as never, namespace: pod.metadata.namespace ?? '' }, this.admitted);
    if (result.outcome !== 'injected') throw new Error(JSON.stringify(result));
    return { ...result.pod, apiVersion: 'v1', kind: 'Pod' } as KubeObject;
  }

  #dependencies(): RolloutDependencies {
    const { api } = this;
    const evict: RolloutDependencies['api']['evict'] = async (ref, { uid }) =>
      (await api.delete(ref, { uid })) === 'deleted' ? 'evicted' : 'absent';
    const create: RolloutDependencies['api']['create'] = async (object) =>
      this.#admit(await api.create(object, { dryRun: true }));
    return {
      api: Object.assign(Object.create(api) as FakeKubeApi, bound(api), { evict, create }),
      configs: {
        configOf: () => this.config,
        namespaceOf: (name) => this.namespaces.find(({ metadata }) => metadata.name === name),
        listNamespaces: () => this.namespaces,
      },
      policy: { judgeNamespace: () => Promise.resolve(undefined) },
      prometheus: this.prometheus,
      operatorNamespace: 'sailwright-system',
      events: { record: (_about, { reason }) => void this.notes.push(reason) },
      now: () => this.now,
    };
  }
}

/** Private members are those of the object itself. */
function bound(api: FakeKubeApi): object {
  const names = ['get', 'list', 'patch', 'replace', 'apply', 'delete', 'scopeOf', 'serverVersion'] as const;
  return Object.fromEntries(names.map((name) => [name, (api[name] as (...args: unknown[]) => unknown).bind(api)]));
}

function settled(observedGeneration: number): object {
  return { observedGeneration, replicas: 2, updatedReplicas: 2, availableReplicas: 2, readyReplicas: 2 };
}

function shops(count: number, each: number): [string, string, string][] {
  return Array.from({ length: count * each }, (_, index) => [
    `shop-${index % count}`,
    index % 5 === 4 ? 'StatefulSet' : 'Deployment',
    `app-${index}`,
  ]);
}

const NO_SOAK = { soak: '0s' };
const ANY = { namespaces: { matchLabels: { 'istio-injection': 'enabled' } } };

describe('a rollout', () => {
  it('that finds all current is done with one status, and without another write', async () => {
    const world = new World(shops(2, 2));
    world.ask({ ...ANY, waves: [{ name: 'all', ...NO_SOAK }] });
    await world.runTo('Done');
    expect(world.api.writes.map(({ verb, kind }) => `${verb} ${kind}`)).toEqual([
      'replace ProxyRollout',
      'replace ProxyRollout',
    ]);
    await world.look();
    expect(world.api.writes).toHaveLength(2);
  });

  it('renews all, no more at a time than allowed, and says so', async () => {
    const world = new World(shops(6, 3));
    world.upgrade();
    world.ask({ ...ANY, waves: [{ name: 'all', maxParallel: 4, ...NO_SOAK }] });
    const { counts, conditions } = await world.runTo('Done');
    expect(counts).toMatchObject({ workloads: 18, current: 18, renewed: 18, stale: 0, blocked: 0 });
    expect(conditions?.[0]).toMatchObject({ type: 'Ready', status: 'True', reason: 'Done' });
    expect(world.most).toBe(4);
    const patches = world.api.writes.filter(({ verb }) => verb === 'patch').map(({ name }) => name);
    expect(patches).toHaveLength(new Set(patches).size);
    expect(world.notes.filter((reason) => reason === 'WorkloadRenewed')).toHaveLength(18);
  });

  it('waits for approval, and hears it', async () => {
    const world = new World(shops(2, 1));
    world.upgrade();
    const waves = [
      { name: 'canary', namespaces: ['shop-0'], ...NO_SOAK },
      { name: 'rest', approval: true, ...NO_SOAK },
    ];
    world.ask({ ...ANY, waves });
    await world.runTo('Done', { looks: 40 }).catch(() => undefined);
    expect((await world.status()).conditions?.[0]?.reason).toBe('ApprovalRequired');
    expect((await world.workloads()).filter((each) => stampOf(each)).map(({ metadata }) => metadata.namespace)).toEqual(
      ['shop-0'],
    );
    await world.annotate({ [APPROVE_ANNOTATION]: 'rest' });
    await world.runTo('Done');
  });

  it('pauses where a renewed pod fails, goes on when a person says so and the pod runs, and ends when asked', async () => {
    const world = new World(shops(3, 1));
    world.upgrade();
    world.ask({ ...ANY, waves: [{ name: 'all', ...NO_SOAK }] });
    await world.look();
    await world.tick(1_000);
    await world.tick(1_000);
    const [pod] = (await world.list('Pod')).filter(
      ({ metadata }) => metadata.annotations?.['sailwright.dev/proxies-renewed'],
    );
    if (!pod) throw new Error('no pod was renewed');
    const waiting = { name: 'istio-proxy', state: { waiting: { reason: 'CrashLoopBackOff' } } };
    world.api.seed({
      ...pod,
      spec: { ...(pod['spec'] as object), nodeName: 'n' },
      status: { containerStatuses: [waiting] },
    });
    const paused = await world.runTo('Paused');
    expect(paused.cause).toMatchObject({
      reason: 'GateFailed',
      message: expect.stringContaining('CrashLoopBackOff') as string,
    });
    const before = world.api.writes.length;
    await world.look();
    expect(world.api.writes).toHaveLength(before);
    world.api.seed(pod);
    await world.annotate({ [RESUME_ANNOTATION]: 'now' });
    await world.look();
    expect((await world.status()).phase).toBe('Acting');
    await world.annotate({ [ABORT_ANNOTATION]: 'true' });
    await world.look();
    expect(await world.status()).toMatchObject({ phase: 'Aborted', cause: { reason: 'Aborted' } });
  });

  it('restarts nothing while the webhook still gives the old proxy', async () => {
    const world = new World(shops(1, 1));
    world.config = CONFIGS[1];
    world.ask({ ...ANY, waves: [{ name: 'all', ...NO_SOAK }] });
    for (let looks = 0; looks < 5; looks += 1) await world.look();
    const { blocked } = await world.status();
    expect(blocked?.[0]).toMatchObject({
      reason: 'InjectionNotProven',
      message: expect.stringContaining('image') as string,
    });
    expect((await world.workloads()).some((each) => stampOf(each))).toBe(false);
    world.upgrade();
    await world.runTo('Done', { ms: 10_000 });
  });

  it('asks for the requests of the waves so far, and stops when they fail, or when nobody can tell', async () => {
    const world = new World(shops(2, 1));
    const asked = new Set<string>();
    let answer: Measured = { value: 99.9 };
    const measure = async (query: string): Promise<Measured> => {
      asked.add(/namespace=~?"([^"]*)"/.exec(query)?.[1] ?? query);
      return Promise.resolve(query.startsWith('max') ? { value: 9 } : answer);
    };
    world.prometheus = { hasCredentials: false, measure, list: () => Promise.resolve({ series: [] }) };
    world.upgrade();
    const waves = [
      { name: 'canary', namespaces: ['shop-1'], soak: '1m' },
      { name: 'rest', ...NO_SOAK },
    ];
    world.ask({ ...ANY, waves, metrics: { successRate: { min: 99 } } });
    await world.runTo('Soaking');
    expect([...asked]).toEqual(['shop-1']);
    answer = { failure: 'no answer' };
    const doubtful = await world.runTo('Paused', { ms: 30_000 });
    expect(doubtful.cause).toEqual({ reason: 'GateUnknown', message: 'successRate: no answer' });
    answer = { value: 99.9 };
    await world.annotate({ [RESUME_ANNOTATION]: 'now' });
    await world.look();
    answer = { value: 42 };
    expect((await world.runTo('Paused')).cause?.reason).toBe('GateFailed');
    answer = { value: 99.9 };
    await world.annotate({ [RESUME_ANNOTATION]: 'once more' });
    await world.runTo('Done');
    expect([...asked]).toEqual(['shop-1', 'shop-0|shop-1']);
  });

  it('waits while the control plane does not run', async () => {
    const world = new World(shops(1, 1));
    world.upgrade();
    const istiod = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: HOME, name: 'istiod' };
    const running = await world.api.get(istiod);
    world.api.remove(istiod);
    world.ask({ ...ANY, waves: [{ name: 'all', ...NO_SOAK }] });
    await world.look();
    expect(await world.status()).toMatchObject({
      phase: 'Waiting',
      message: expect.stringContaining('istiod is not there') as string,
    });
    if (running) world.api.seed(running);
    await world.runTo('Done');
  });

  it('says what is wrong with its spec, and writes nothing else', async () => {
    const world = new World(shops(1, 1));
    world.ask({ waves: [{ name: 'a', maxParallel: 0 }] });
    await world.look();
    await world.look();
    expect(await world.status()).toMatchObject({
      phase: 'Invalid',
      message: 'spec.waves[0].maxParallel: must be from 1 to 100',
    });
    expect(world.api.writes).toHaveLength(1);
  });
});

type Fault = 'none' | 'refused' | 'lost' | 'conflict';

it('comes to the same end through faults of the API server and kills between any two requests, within its limit', async () => {
  const fault = fc.constantFrom<Fault>('none', 'none', 'none', 'refused', 'lost', 'conflict');
  await fc.assert(
    fc.asyncProperty(fc.infiniteStream(fault), fc.integer({ min: 1, max: 4 }), async (faults, maxParallel) => {
      const world = new World(shops(4, 2));
      world.upgrade();
      world.ask({
        ...ANY,
        waves: [
          { name: 'canary', namespaces: ['shop-1'], ...NO_SOAK },
          { name: 'rest', maxParallel, ...NO_SOAK },
        ],
      });
      let requests = 0;
      world.api.fault = ({ verb }) => {
        requests += 1;
        if (requests > 300 || verb === 'watch') return undefined;
        const kind = faults.next().value as Fault;
        if (kind === 'none') return undefined;
        // A new process remembers nothing but what is stored.
        world.refused = new RefusedWork();
        world.reviews = new ReviewMemo();
        return kind === 'lost' ? unreachable() : refused(kind === 'conflict' ? 409 : 503, 'Unavailable');
      };
      const calm = world.api.fault;
      const quietly = async <T>(run: () => Promise<T>): Promise<T> => {
        world.api.fault = () => undefined;
        const result = await run();
        world.api.fault = calm;
        return result;
      };
      for (let looks = 0; looks < 300; looks += 1) {
        await world.look().catch(() => undefined);
        await quietly(() => world.tick(1_000));
        if ((await quietly(() => world.status())).phase === 'Done') break;
      }
      world.api.fault = () => undefined;
      expect([(await world.status()).cause, await world.status()]).toMatchObject([
        undefined,
        { phase: 'Done', counts: { current: 8, renewed: 8, stale: 0 } },
      ]);
      expect(world.most).toBeLessThanOrEqual(maxParallel);
    }),
    { numRuns: 3, endOnFailure: true },
  );
});
