// Traffic is moved in steps: never more at a time than the next step, through kills of the operator, no further than a gate
// that fails, and back to what was.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TRAFFIC_SHIFT, type TrafficShiftSpec, type TrafficShiftStatus } from '../../src/api/shift/traffic-shift.ts';
import type { KubeObject } from '../../src/core/kube-object.ts';
import { createKubeClient, loadKubeConfig, type KubeClient } from '../../src/kube/client.ts';
import { Forwarder } from '../../testbed/forwarder.ts';
import type { OperatorProcess } from '../../testbed/operator-process.ts';
import { pause, waitFor } from '../../testbed/wait.ts';
import { displayEntry, fetchOperatorWrites } from './support/audit.ts';
import { Environment } from './support/environment.ts';
import { startReachedOperator } from './support/reached-operator.ts';
import { applySpec, waitForCondition } from './support/resource.ts';
import { ToldPrometheus } from './support/told-prometheus.ts';

const SHOP = 'shift-shop';
const REF = { apiVersion: TRAFFIC_SHIFT.apiVersion, kind: TRAFFIC_SHIFT.kind, namespace: SHOP };
const ERRORS = 'sum(rate(errors[1m]))';
/** Who is killed leaves its Lease behind. */
const SOON_LEADING = ['--lease-duration=6s', '--lease-renew-deadline=4s', '--lease-retry-period=500ms'];
const METRICS = { queries: [{ name: 'errors', query: ERRORS, max: 1 }] };

let environment: Environment;
let forwarder: Forwarder;
let prometheus: ToldPrometheus;
let admin: KubeClient;
let operator: OperatorProcess;
let operators = 0;

beforeAll(async () => {
  environment = await Environment.start();
  [forwarder, prometheus] = await Promise.all([Forwarder.start(), ToldPrometheus.start()]);
  operator = await startNext();
  admin = createKubeClient({ version: 'test', kubeConfig: loadKubeConfig(environment.cluster.kubeconfig) });
  await applySpec({ profile: 'minimal' });
  await waitForCondition('Ready');
  await environment.kubectl(['create', 'namespace', SHOP]);
});

afterAll(async () => {
  admin?.close();
  await environment.stop();
  await Promise.all([forwarder.stop(), prometheus.stop()]);
});

async function startNext(): Promise<OperatorProcess> {
  operators += 1;
  const flags = [`--prometheus-url=${prometheus.url}`, ...SOON_LEADING];
  return startReachedOperator(environment, forwarder, { name: `shift-${operators}`, flags });
}

const destination = (subset: string, weight: number): object => ({ destination: { host: 'reviews', subset }, weight });

/** A VirtualService whose second route has two versions. */
async function applyRoute(name: string, [v1, v2]: readonly [number, number] = [100, 0]): Promise<void> {
  const http = [
    { name: 'testers', match: [{ headers: { 'x-test': { exact: 'yes' } } }], route: [destination('v2', 100)] },
    { name: 'all', timeout: '5s', route: [destination('v1', v1), destination('v2', v2)] },
  ];
  const metadata = { name, namespace: SHOP };
  await admin.apply(
    { apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', metadata, spec: { hosts: [name], http } },
    { fieldManager: 'test', force: true },
  );
}

async function fetchRoute(name: string): Promise<{ weights: string; rest: unknown; owner: string | undefined }> {
  const ref = { apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', namespace: SHOP, name };
  const route = (await admin.get(ref)) as unknown as KubeObject & {
    spec: { http: { route: { weight?: number }[] }[] };
  };
  const weights = (route.spec.http[1]?.route ?? []).map(({ weight }) => weight ?? 0).join('/');
  const without = (key: string, value: unknown): unknown => (key === 'weight' ? undefined : value);
  const owners = route.metadata['managedFields'] as { manager: string; fieldsV1: Record<string, object> }[];
  const owner = owners.find(({ fieldsV1 }) => 'f:http' in (fieldsV1['f:spec'] ?? {}))?.manager;
  return { weights, owner, rest: JSON.parse(JSON.stringify(route.spec, without)) };
}

async function createShift(name: string, spec: Partial<TrafficShiftSpec>): Promise<void> {
  const full = { route: { name }, to: { host: 'reviews', subset: 'v2' }, ...spec };
  await admin.create({ ...REF, metadata: { name, namespace: SHOP }, spec: full });
}

async function fetchStatus(name: string): Promise<TrafficShiftStatus> {
  return (await admin.get({ ...REF, name }))?.['status'] ?? {};
}

async function waitForStatus(
  name: string,
  what: string,
  isThere: (status: TrafficShiftStatus) => boolean,
): Promise<TrafficShiftStatus> {
  let last: TrafficShiftStatus = {};
  const read = async (): Promise<TrafficShiftStatus | undefined> => {
    last = await fetchStatus(name);
    return isThere(last) ? last : undefined;
  };
  return waitFor(`${name} to be ${what}`, read, { timeoutMs: 60_000, intervalMs: 50 }).catch(async (error: unknown) => {
    throw new Error(`${String(error)}: ${JSON.stringify(last)}; ${await operator.lastLines()}`, { cause: error });
  });
}

const waitForPhase = (name: string, phase: string): Promise<TrafficShiftStatus> =>
  waitForStatus(name, phase, (status) => status.phase === phase);

async function annotate(name: string, annotations: Record<string, string>): Promise<void> {
  await admin.patch({ ...REF, name }, { metadata: { annotations } }, { type: 'merge', fieldManager: 'test' });
}

/** Each pair of weights that the route has had, in their order. */
async function watchWeights(name: string): Promise<{ seen: string[]; stop: () => Promise<void> }> {
  const stop = new AbortController();
  const seen = [(await fetchRoute(name)).weights];
  const watching = (async () => {
    while (!stop.signal.aborted) {
      const { weights } = await fetchRoute(name);
      if (seen.at(-1) !== weights) seen.push(weights);
      await pause(20);
    }
  })();
  return {
    seen,
    stop: async () => {
      stop.abort();
      await watching;
    },
  };
}

describe('a shift', () => {
  it('goes step by step through kills of the operator, and writes each step once', async () => {
    prometheus.values.set(ERRORS, 0);
    await applyRoute('whole');
    const before = await fetchRoute('whole');
    const since = new Date();
    const watch = await watchWeights('whole');
    const steps = [1, 5, 10, 50, 100].map((weight) => ({ weight, soak: '1s' }));
    await createShift('whole', { steps, metrics: METRICS });
    for (const weight of [5, 50]) {
      await waitForStatus('whole', `at ${weight}`, ({ target }) => target === weight);
      await operator.kill();
      operator = await startNext();
    }
    const status = await waitForPhase('whole', 'Done');
    await watch.stop();
    expect(watch.seen).toEqual(['100/0', '99/1', '95/5', '90/10', '50/50', '0/100']);
    expect(status).toMatchObject({ weight: 100, before: [{ weight: 100 }, { weight: 0 }] });
    const after = await fetchRoute('whole');
    expect([after.owner, after.rest]).toEqual(['sailwright-shift', before.rest]);
    const writes = await fetchOperatorWrites(environment.cluster.embedded?.auditLogPath ?? '', since);
    // One that was under way at a kill may have been given up by the API server, and is then sent by who follows.
    const ofRoute = writes
      .filter(
        ({ objectRef, responseStatus }) => objectRef?.resource === 'virtualservices' && responseStatus?.code === 200,
      )
      .map(displayEntry);
    expect(ofRoute).toEqual(Array<string>(5).fill(`patch virtualservices ${SHOP}/whole`));
    const quiet = new Date();
    await pause(2_000);
    const late = await fetchOperatorWrites(environment.cluster.embedded?.auditLogPath ?? '', quiet);
    expect(late.filter(({ objectRef }) => objectRef?.namespace === SHOP && objectRef.resource !== 'events')).toEqual(
      [],
    );
  });

  it('stops at the step whose gate fails, and sets the weights of before', async () => {
    prometheus.values.set(ERRORS, 0);
    await applyRoute('bad', [90, 10]);
    const watch = await watchWeights('bad');
    await createShift('bad', {
      steps: [
        { weight: 20, soak: '1s' },
        { weight: 60, soak: '1m' },
      ],
      metrics: METRICS,
    });
    await waitForStatus('bad', 'watched at 60', ({ phase, step }) => phase === 'Soaking' && step === 1);
    prometheus.values.set(ERRORS, 5);
    const { cause } = await waitForPhase('bad', 'RolledBack');
    await watch.stop();
    expect(cause).toEqual({ reason: 'GateFailed', message: 'errors: 5 is above 1' });
    expect(watch.seen).toEqual(['90/10', '80/20', '40/60', '90/10']);
    const events = await environment.kubectl(['-n', SHOP, 'get', 'events', '-o', 'jsonpath={.items[*].reason}']);
    expect(events.split(' ')).toEqual(
      expect.arrayContaining(['StepStarted', 'StepReached', 'RollingBack', 'ShiftEnded']),
    );
  });

  it('waits for a person and for an answer of Prometheus, changes nothing meanwhile, and ends when it is told', async () => {
    prometheus.values.set(ERRORS, 0);
    await applyRoute('asked');
    const steps = [
      { weight: 5, soak: '0s' },
      { weight: 100, soak: '1h', approval: true },
    ];
    await createShift('asked', { steps, metrics: METRICS });
    const hasReason = ({ conditions = [] }: TrafficShiftStatus): boolean =>
      conditions.some(({ reason }) => reason === 'ApprovalRequired');
    await waitForStatus('asked', 'waiting for approval', hasReason);
    prometheus.isAway = true;
    await annotate('asked', { 'sailwright.dev/approve': '100' });
    const doubting = await waitForStatus('asked', 'in doubt', ({ doubtSince }) => doubtSince !== undefined);
    expect(doubting.gates).toContainEqual(expect.objectContaining({ name: 'errors', result: 'unknown' }));
    expect((await fetchRoute('asked')).weights).toBe('95/5');
    prometheus.isAway = false;
    await waitForStatus('asked', 'at 100', ({ phase, step }) => phase === 'Soaking' && step === 1);
    await annotate('asked', { 'sailwright.dev/abort': 'true' });
    await waitForPhase('asked', 'RolledBack');
    expect((await fetchRoute('asked')).weights).toBe('100/0');
  });

  it('leaves the weights to who sets them back, and to who owns them', async () => {
    await applyRoute('shared');
    await createShift('shared', { steps: [{ weight: 30, soak: '1h' }] });
    await waitForPhase('shared', 'Soaking');
    await applyRoute('shared');
    const { gates } = await waitForStatus('shared', 'in doubt', ({ doubtSince }) => doubtSince !== undefined);
    expect(gates?.[0]?.message).toContain('test set them to 100/0, and the shift to 70/30');
    expect((await fetchRoute('shared')).weights).toBe('100/0');

    await applyRoute('flagged');
    const owner = { apiVersion: 'flagger.app/v1beta1', kind: 'Canary', name: 'reviews', uid: 'u' };
    const ref = { apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', namespace: SHOP, name: 'flagged' };
    const options = { type: 'merge', fieldManager: 'flagger' } as const;
    await admin.patch(ref, { metadata: { ownerReferences: [owner] } }, options);
    await createShift('flagged', { steps: [{ weight: 30 }] });
    const { conditions, message } = await waitForStatus('flagged', 'refused', (status) => status.message !== undefined);
    expect(conditions).toContainEqual(
      expect.objectContaining({ type: 'Stalled', status: 'True', reason: 'OwnedByOther' }),
    );
    expect(message).toContain('Flagger writes these weights for its Canary reviews');
    expect((await fetchRoute('flagged')).weights).toBe('100/0');
  });
});
