import { describe, expect, it } from 'vitest';
import { FakeKubeApi, refused } from '../../../test/builders/fake-kube-api.ts';
import { ABORT_ANNOTATION, APPROVE_ANNOTATION } from '../../api/our-names.ts';
import {
  MUTUAL_TLS_MIGRATION,
  type MutualTlsMigrationSpec,
  type MutualTlsMigrationStatus,
} from '../../api/mtls/mutual-tls-migration.ts';
import type { KubeObject } from '../../core/kube-object.ts';
import type { ListedSeries } from '../../prometheus/prometheus.ts';
import { reconcileMigration } from './reconcile.ts';

const SHOP = 'shop';
const REF = {
  apiVersion: MUTUAL_TLS_MIGRATION.apiVersion,
  kind: MUTUAL_TLS_MIGRATION.kind,
  namespace: SHOP,
  name: 'm',
};
const POLICY = { apiVersion: 'security.istio.io/v1', kind: 'PeerAuthentication', namespace: SHOP, name: 'default' };
const CALLER = { source_workload_namespace: 'legacy', source_workload: 'cron', destination_workload: 'web' };

class World {
  readonly api = new FakeKubeApi();
  readonly notes: string[] = [];
  /** Modes of the policy, as they were written. */
  readonly written: string[] = [];
  now = Date.parse('2026-12-01T12:00:00Z');
  callers: ListedSeries = { series: [] };
  hasPrometheus = true;
  isControlPlane = false;

  constructor(spec: Partial<MutualTlsMigrationSpec> = {}) {
    this.api.seed({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: SHOP } });
    this.addPod('web', ['istio-proxy']);
    const metadata = { name: 'm', namespace: SHOP, generation: 1, creationTimestamp: '2026-12-01T11:00:00Z' };
    this.api.seed({ ...REF, metadata, spec: { observe: '10m', soak: '10m', ...spec } });
  }

  addPod(name: string, more: readonly string[] = [], ready = true): void {
    const containers = ['app', ...more].map((each) => ({ name: each, image: `${each}:1` }));
    const condition = {
      type: 'Ready',
      status: ready ? 'True' : 'False',
      lastTransitionTime: new Date(this.now).toISOString(),
    };
    const metadata = { name, namespace: SHOP, labels: { app: name }, creationTimestamp: '2026-12-01T10:00:00Z' };
    this.api.seed({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata,
      spec: { containers },
      status: { conditions: [condition] },
    });
  }

  setPolicy(mode: string | undefined, more: object = {}): void {
    const { apiVersion, kind, name, namespace } = POLICY;
    const metadata = { name, namespace, ...more };
    this.api.seed({ apiVersion, kind, metadata, spec: mode === undefined ? {} : { mtls: { mode } } });
  }

  async mode(): Promise<string> {
    const found = await this.api.get(POLICY);
    const spec = found?.['spec'] as { mtls?: { mode?: string } | null } | undefined;
    return found ? (spec?.mtls?.mode ?? 'UNSET') : 'none';
  }

  async status(): Promise<MutualTlsMigrationStatus> {
    return (await this.api.get(REF))?.['status'] ?? {};
  }

  async annotate(annotations: Record<string, string>): Promise<void> {
    await this.api.patch(REF, { metadata: { annotations } });
  }

  /** One look of a controller that knows nothing but what is stored. */
  async look(): Promise<void> {
    const before = await this.mode();
    await reconcileMigration({
      deps: {
        api: this.api,
        policy: {
          judgeNamespace: async () => Promise.resolve(this.isControlPlane ? undefined : ({ message: 'no' } as never)),
        },
        prometheus: this.hasPrometheus
          ? {
              hasCredentials: false,
              measure: async () => Promise.resolve({ value: 0 }),
              list: async () => Promise.resolve(this.callers),
            }
          : undefined,
        events: { record: (_, { reason }) => void this.notes.push(reason) },
        now: () => this.now,
      },
      migration: (await this.api.get(REF)) as KubeObject,
    });
    const after = await this.mode();
    if (after !== before) this.written.push(after);
  }

  async runTo(
    phase: string,
    { step, looks = 100 }: { step?: number; looks?: number } = {},
  ): Promise<MutualTlsMigrationStatus> {
    for (let count = 0; count < looks; count += 1) {
      await this.look();
      this.now += 30_000;
      const status = await this.status();
      if (status.phase === phase && (step === undefined || status.step === step)) return status;
    }
    throw new Error(`not ${phase}: ${JSON.stringify(await this.status())}`);
  }
}

describe('a migration', () => {
  it('watches who sends plain text, then sets STRICT, watches that, and is done', async () => {
    const world = new World();
    const status = await world.runTo('Done');
    expect(world.written).toEqual(['STRICT']);
    expect(status).toMatchObject({
      mode: 'STRICT',
      policy: 'default',
      before: { mode: 'UNSET', existed: false },
      report: [],
    });
    expect(status.message).toBe('STRICT holds');
    const lasted = Date.parse(status.since ?? '') - Date.parse(status.startedAt ?? '');
    expect(lasted).toBeGreaterThanOrEqual(20 * 60_000);
    expect(world.notes).toEqual(['ModeChanging', 'ModeSet', 'ModeChanging', 'ModeSet', 'MigrationEnded']);
    const writes = world.api.writes.length;
    await world.look();
    expect(world.api.writes).toHaveLength(writes);
  });

  it('does not set STRICT as long as somebody would be cut off, and goes on when nobody would', async () => {
    const world = new World();
    world.addPod('batch');
    world.callers = { series: [{ labels: CALLER, value: 3 }] };
    for (let look = 0; look < 60; look += 1) {
      await world.look();
      world.now += 30_000;
    }
    const status = await world.status();
    expect(status).toMatchObject({ phase: 'Waiting', step: 1, mode: 'UNSET' });
    expect(status.message).toBe(
      'STRICT would cut off: PodsWithoutProxy (shop/batch); PlaintextCallers (legacy/cron to web)',
    );
    expect(status.conditions?.[0]).toMatchObject({ status: 'Unknown', reason: 'NotReady' });
    expect(world.written).toEqual([]);
    world.api.remove({ apiVersion: 'v1', kind: 'Pod', namespace: SHOP, name: 'batch' });
    world.callers = { series: [] };
    await world.runTo('Done');
  });

  it('does not take silence of Prometheus for nobody', async () => {
    const world = new World();
    await world.runTo('Soaking', { step: 0 });
    world.callers = { failure: 'Prometheus: no answer within 10 s' };
    for (let look = 0; look < 40; look += 1) {
      await world.look();
      world.now += 30_000;
    }
    expect((await world.status()).message).toBe('callers are not known: Prometheus: no answer within 10 s');
    expect(world.written).toEqual([]);
  });

  it('goes without metrics where there are none, and says so', async () => {
    const world = new World();
    world.hasPrometheus = false;
    const { message, report } = await world.runTo('Done');
    expect(message).toBe('STRICT holds; exceptions remain: CallersUnknown');
    expect(report).toMatchObject([{ reason: 'CallersUnknown', blocks: false }]);
  });

  it.each<[string, (world: World) => void, string]>([
    ['pods lose their readiness', (world) => world.addPod('web', ['istio-proxy'], false), 'pods: not ready any more'],
    ['somebody without a proxy comes', (world) => world.addPod('batch'), 'readiness: PodsWithoutProxy (shop/batch)'],
  ])('steps back when %s under STRICT', async (_, harm, text) => {
    const world = new World();
    await world.runTo('Soaking', { step: 1 });
    world.now += 30_000;
    harm(world);
    const { cause } = await world.runTo('RolledBack');
    expect(cause?.message).toContain(text);
    expect(world.written).toEqual(['STRICT', 'none']);
  });

  it('sets PERMISSIVE first where mutual TLS is turned off, and the former mode when it ends', async () => {
    const world = new World();
    world.setPolicy('DISABLE');
    await world.runTo('Soaking', { step: 0 });
    expect(world.written).toEqual(['PERMISSIVE']);
    await world.annotate({ [ABORT_ANNOTATION]: 'true' });
    await world.runTo('RolledBack');
    expect(world.written).toEqual(['PERMISSIVE', 'DISABLE']);
  });

  it('waits for a person before STRICT where it is told to', async () => {
    const world = new World({ approval: true, observe: '0s' });
    for (let look = 0; look < 5; look += 1) await world.look();
    expect((await world.status()).conditions?.[0]?.reason).toBe('ApprovalRequired');
    await world.annotate({ [APPROVE_ANNOTATION]: 'strict' });
    await world.runTo('Done');
  });

  it('does not quarrel with who sets the mode', async () => {
    const world = new World();
    world.setPolicy(undefined);
    await world.runTo('Soaking', { step: 1 });
    const managedFields = [{ manager: 'kubectl', fieldsV1: { 'f:spec': { 'f:mtls': { 'f:mode': {} } } } }];
    world.setPolicy('PERMISSIVE', { managedFields });
    const { cause } = await world.runTo('Paused');
    expect(cause?.message).toContain('kubectl set it to PERMISSIVE, and the migration to STRICT');
    expect(world.written).toEqual(['STRICT']);
  });

  it('does not begin what Flux would set back, nor what another migration does', async () => {
    const world = new World();
    world.setPolicy('PERMISSIVE', { labels: { 'kustomize.toolkit.fluxcd.io/name': 'apps' } });
    await world.look();
    expect((await world.status()).conditions?.[2]).toMatchObject({ status: 'True', reason: 'OwnedByOther' });
    world.setPolicy('PERMISSIVE');
    const metadata = { name: 'a', namespace: SHOP, creationTimestamp: '2026-12-01T10:00:00Z' };
    world.api.seed({ ...REF, metadata, spec: {} });
    await world.look();
    expect((await world.status()).message).toBe('MutualTLSMigration a is for the same');
    world.api.remove({ ...REF, name: 'a' });
    await world.runTo('Done');
  });

  it('is for its own namespace unless it is in one for control planes', async () => {
    const world = new World({ mesh: true });
    await world.look();
    expect(await world.status()).toMatchObject({
      phase: 'Invalid',
      message: expect.stringContaining('spec.mesh') as unknown,
    });
    world.isControlPlane = true;
    await world.look();
    expect((await world.status()).message).toContain('the root namespace of the mesh is istio-system');
  });

  it('writes the mode again after a write that failed', async () => {
    const world = new World({ observe: '0s' });
    for (let look = 0; look < 2; look += 1) await world.look();
    world.api.fault = ({ verb }) => (verb === 'create' ? refused(503, 'ServiceUnavailable') : undefined);
    for (let look = 0; look < 3; look += 1) await world.look().catch(() => undefined);
    expect([await world.mode(), (await world.status()).phase]).toEqual(['none', 'Acting']);
    world.api.fault = () => undefined;
    await world.runTo('Done');
    expect(world.written).toEqual(['STRICT']);
  });

  it('has nothing to do where STRICT holds already', async () => {
    const world = new World();
    world.setPolicy('STRICT');
    await world.runTo('Done');
    expect(world.written).toEqual([]);
  });
});
