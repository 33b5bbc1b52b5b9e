import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FakeKubeApi, refused, unreachable } from '../../../test/builders/fake-kube-api.ts';
import { ABORT_ANNOTATION, APPROVE_ANNOTATION, RESUME_ANNOTATION } from '../../api/our-names.ts';
import { TRAFFIC_SHIFT, type TrafficShiftSpec, type TrafficShiftStatus } from '../../api/shift/traffic-shift.ts';
import type { KubeObject } from '../../core/kube-object.ts';
import type { Measured } from '../../core/steps/judge-query.ts';
import { reconcileShift } from './reconcile.ts';
import type { ShiftDependencies } from './shift-pass.ts';

const HOME = 'shop';
const REF = { apiVersion: TRAFFIC_SHIFT.apiVersion, kind: TRAFFIC_SHIFT.kind, namespace: HOME, name: 's' };
const ROUTE = { apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', namespace: HOME, name: 'reviews' };
const ERRORS = { queries: [{ name: 'errors', query: 'errors', max: 1 }] };
const STEPS = [5, 50, 100].map((weight) => ({ weight, soak: '1m' }));

const subset = (name: string, weight: number): object => ({ destination: { host: 'reviews', subset: name }, weight });

class World {
  readonly api = new FakeKubeApi();
  readonly notes: string[] = [];
  /** Weights of the new version, as they were written. */
  readonly written: number[] = [];
  now = Date.parse('2026-12-01T12:00:00Z');
  errors: Measured = { value: 0 };
  hasToken = false;

  constructor(spec: Partial<TrafficShiftSpec> = {}) {
    this.setRoute([100, 0]);
    const full = { route: { name: 'reviews' }, to: { host: 'reviews', subset: 'v2' }, steps: STEPS, ...spec };
    const metadata = { name: 's', namespace: HOME, generation: 1, uid: 'u', creationTimestamp: '2026-12-01T11:00:00Z' };
    this.api.seed({ ...REF, metadata, spec: full });
  }

  setRoute([old, next]: [number, number], manager = 'kubectl', more: object = {}): void {
    const managedFields = [{ manager, operation: 'Update', fieldsV1: { 'f:spec': { 'f:http': {} } } }];
    const { apiVersion, kind, name, namespace } = ROUTE;
    const http = [{ name: 'other', route: [subset('v1', 100)] }, { route: [subset('v1', old), subset('v2', next)] }];
    this.api.seed({ apiVersion, kind, metadata: { name, namespace, managedFields, ...more }, spec: { http } });
  }

  async weights(): Promise<number[]> {
    const { fault } = this.api;
    this.api.fault = () => undefined;
    const spec = (await this.api.get(ROUTE))?.['spec'] as { http: { route: { weight: number }[] }[] } | undefined;
    this.api.fault = fault;
    return (spec?.http[1]?.route ?? []).map(({ weight }) => weight);
  }

  async annotate(annotations: Record<string, string>): Promise<void> {
    await this.api.patch(REF, { metadata: { annotations } });
  }

  async status(): Promise<TrafficShiftStatus> {
    return (await this.api.get(REF))?.['status'] ?? {};
  }

  /** One look of a controller that knows nothing but what is stored. */
  async look(): Promise<void> {
    const shift = (await this.api.get(REF)) as KubeObject;
    const [, before] = await this.weights();
    try {
      await reconcileShift({ deps: this.#dependencies(), shift });
    } finally {
      const [, after] = await this.weights();
      if (after !== undefined && after !== before) this.written.push(after);
    }
  }

  async runTo(phase: string, { ms = 10_000, looks = 200 } = {}): Promise<TrafficShiftStatus> {
    for (let count = 0; count < looks; count += 1) {
      await this.look().catch(() => undefined);
      this.now += ms;
      const status = await this.status();
      if (status.phase === phase) return status;
    }
    throw new Error(`not ${phase}: ${JSON.stringify(await this.status())}`);
  }

  #dependencies(): ShiftDependencies {
    const { hasToken } = this;
    return {
      api: this.api,
      policy: { judgeNamespace: async () => Promise.resolve({ message: 'no' } as never) },
      prometheus: {
        hasCredentials: hasToken,
        measure: async () => Promise.resolve(this.errors),
        list: async () => Promise.resolve({ series: [] }),
      },
      events: { record: (_, { reason }) => void this.notes.push(reason) },
      now: () => this.now,
    };
  }
}

describe('a shift', () => {
  it('goes step by step, each for its time, tells each, and writes nothing more when it is done', async () => {
    const world = new World({ metrics: ERRORS });
    const status = await world.runTo('Done');
    expect(world.written).toEqual([5, 50, 100]);
    expect(await world.weights()).toEqual([0, 100]);
    expect(status).toMatchObject({ weight: 100, target: 100, before: [{ weight: 100 }, { weight: 0 }] });
    expect(status.conditions?.[0]).toMatchObject({ type: 'Ready', status: 'True', reason: 'Done' });
    expect(Date.parse(status.since ?? '') - Date.parse(status.startedAt ?? '')).toBeGreaterThanOrEqual(180_000);
    expect(world.notes).toEqual([...Array<string[]>(3).fill(['StepStarted', 'StepReached']).flat(), 'ShiftEnded']);
    const writes = world.api.writes.length;
    await world.look();
    expect(world.api.writes).toHaveLength(writes);
  });

  it('sets the weights of before when a gate does not hold, and leaves the rest of the route alone', async () => {
    const world = new World({ metrics: ERRORS });
    const before = (await world.api.get(ROUTE))?.['spec'];
    await world.runTo('Soaking');
    world.errors = { value: 5 };
    const { cause, weight } = await world.runTo('RolledBack');
    expect(cause).toEqual({ reason: 'GateFailed', message: 'errors: 5 is above 1' });
    expect(weight).toBe(0);
    expect(world.written).toEqual([5, 0]);
    expect((await world.api.get(ROUTE))?.['spec']).toEqual(before);
  });

  it('stops and changes nothing when nobody can tell for ten minutes, and goes on when a person says so', async () => {
    const world = new World({ metrics: ERRORS });
    await world.runTo('Soaking');
    world.errors = { failure: 'Prometheus: no answer within 10 s' };
    const { cause, since, startedAt } = await world.runTo('Paused');
    expect(cause?.reason).toBe('GateUnknown');
    expect(Date.parse(since ?? '') - Date.parse(startedAt ?? '')).toBeGreaterThanOrEqual(600_000);
    expect(await world.weights()).toEqual([95, 5]);
    await world.annotate({ [RESUME_ANNOTATION]: '1' });
    // Whoever resumes does not make it good: it waits for an answer as before.
    await world.look();
    expect(await world.status()).toMatchObject({ phase: 'Waiting', step: 0 });
    world.errors = { value: 0 };
    await world.runTo('Done');
    expect(world.written).toEqual([5, 50, 100]);
  });

  it('does not begin while Prometheus cannot be asked', async () => {
    const world = new World({ metrics: ERRORS });
    world.errors = { failure: 'the operator knows no Prometheus' };
    for (let look = 0; look < 5; look += 1) await world.look();
    expect(await world.status()).toMatchObject({
      phase: 'Waiting',
      message: expect.stringContaining('knows no') as unknown,
    });
    expect(world.written).toEqual([]);
  });

  it('does not quarrel with who sets the weights back', async () => {
    const world = new World();
    await world.runTo('Soaking');
    world.setRoute([100, 0], 'argocd-controller');
    const { cause, owner } = await world.runTo('Paused');
    expect(cause?.message).toContain('argocd-controller set them to 100/0, and the shift to 95/5');
    expect(owner?.advice).toContain('RespectIgnoreDifferences=true');
    expect(world.written).toEqual([5]);
    world.setRoute([95, 5]);
    await world.annotate({ [RESUME_ANNOTATION]: '1' });
    await world.runTo('Done');
  });

  it('waits for a person before a step that asks for one, and ends where a person says so', async () => {
    const world = new World({
      steps: [
        { weight: 5, soak: '0s' },
        { weight: 50, approval: true },
      ],
    });
    for (let look = 0; look < 6; look += 1) await world.look();
    expect((await world.status()).conditions?.[0]?.reason).toBe('ApprovalRequired');
    await world.annotate({ [APPROVE_ANNOTATION]: '50' });
    await world.runTo('Soaking');
    await world.annotate({ [ABORT_ANNOTATION]: 'true' });
    expect((await world.runTo('RolledBack')).cause?.reason).toBe('Aborted');
    expect(world.written).toEqual([5, 50, 0]);
  });

  it('leaves weights as somebody else set them when it goes back', async () => {
    const world = new World();
    await world.runTo('Soaking');
    world.setRoute([30, 70], 'kubectl-edit');
    await world.annotate({ [ABORT_ANNOTATION]: 'true' });
    await world.runTo('RolledBack');
    expect(await world.weights()).toEqual([30, 70]);
  });

  it('does not begin what Flagger owns, nor a route that is not there, and tells so', async () => {
    const world = new World();
    world.setRoute([100, 0], 'flagger');
    await world.look();
    expect((await world.status()).conditions?.[2]).toMatchObject({
      type: 'Stalled',
      status: 'True',
      reason: 'OwnedByOther',
    });
    world.api.remove(ROUTE);
    await world.look();
    expect((await world.status()).conditions?.[0]).toMatchObject({ reason: 'RouteNotFound' });
    expect(world.written).toEqual([]);
    world.setRoute([100, 0]);
    await world.runTo('Done');
  });

  it('comes after an older one of the same route', async () => {
    const world = new World();
    const older = { name: 'a', namespace: HOME, creationTimestamp: '2026-12-01T10:00:00Z' };
    world.api.seed({ ...REF, metadata: older, spec: { route: { name: 'reviews' }, to: { host: 'reviews' } } });
    await world.look();
    expect(await world.status()).toMatchObject({ message: 'TrafficShift a shifts this route' });
    world.api.remove({ ...REF, name: 'a' });
    await world.runTo('Done');
  });

  it('passes over steps below what the new destination has already', async () => {
    const world = new World();
    world.setRoute([40, 60]);
    await world.runTo('Done');
    expect(world.written).toEqual([100]);
  });

  it('watches the workload of the new destination', async () => {
    const world = new World({ to: { host: 'reviews', subset: 'v2', workload: 'v2' } });
    for (let look = 0; look < 3; look += 1) await world.look();
    expect((await world.status()).message).toContain('Deployment shop/v2 is not there');
    const metadata = { name: 'v2', namespace: HOME, generation: 1 };
    const status = { observedGeneration: 1, replicas: 1, updatedReplicas: 1, availableReplicas: 1 };
    const spec = { replicas: 1, selector: { matchLabels: { app: 'v2' } } };
    const deployment = { apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec };
    world.api.seed({ ...deployment, status });
    await world.runTo('Soaking');
    world.api.seed({ ...deployment, status: { ...status, availableReplicas: 0 } });
    expect((await world.runTo('RolledBack')).cause?.message).toContain('has no pod that is ready');
  });

  it('of an ordinary namespace asks no own queries with a token of the operator', async () => {
    const world = new World({ metrics: ERRORS });
    world.hasToken = true;
    await world.look();
    expect(await world.status()).toMatchObject({
      phase: 'Invalid',
      message: expect.stringContaining('spec.metrics.queries') as unknown,
    });
    expect(world.notes).toEqual(['ShiftInvalid']);
  });

  it('whose spec cannot be read any more says so once, and stays where it was', async () => {
    const world = new World({ metrics: ERRORS });
    await world.runTo('Soaking');
    world.hasToken = true;
    await world.look();
    await world.look();
    expect(await world.status()).toMatchObject({ phase: 'Soaking', conditions: [{ reason: 'InvalidSpec' }, {}, {}] });
    expect(world.notes.slice(-2)).toEqual(['StepReached', 'ShiftInvalid']);
  });
});

it('never leaves other weights than those of before and of its steps, nor skips one, whatever fails', async () => {
  const fault = fc.constantFrom('none', 'get', 'patch', 'replace', 'lost');
  const looks = fc.array(fc.record({ fault, errors: fc.constantFrom(0, 0, 0, 0, 5) }), {
    minLength: 30,
    maxLength: 60,
  });
  await fc.assert(
    fc.asyncProperty(looks, async (moments) => {
      const world = new World({ metrics: ERRORS });
      for (const moment of moments) {
        world.errors = { value: moment.errors };
        world.api.fault = ({ verb }) => {
          if (moment.fault === 'lost' && verb === 'patch') return unreachable();
          return verb === moment.fault ? refused(503, 'ServiceUnavailable') : undefined;
        };
        await world.look().catch(() => undefined);
        world.api.fault = () => undefined;
        world.now += 20_000;
        const weights = await world.weights();
        expect(weights.reduce((sum, each) => sum + each, 0)).toBe(100);
      }
      const path = [0, ...world.written];
      const order = [0, 5, 50, 100];
      for (const [index, weight] of path.slice(1).entries()) {
        const from = path[index] ?? 0;
        expect(weight === 0 || order.indexOf(weight) === order.indexOf(from) + 1).toBe(true);
      }
    }),
    { numRuns: 100 },
  );
});
