// Mutual TLS becomes STRICT when nobody would be cut off by it, and steps back when somebody is after all.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  MUTUAL_TLS_MIGRATION,
  type MutualTlsMigrationSpec,
  type MutualTlsMigrationStatus,
} from '../../src/api/mtls/mutual-tls-migration.ts';
import type { KubeObject } from '../../src/core/kube-object.ts';
import { createKubeClient, loadKubeConfig, type KubeClient } from '../../src/kube/client.ts';
import { Forwarder } from '../../testbed/forwarder.ts';
import type { OperatorProcess } from '../../testbed/operator-process.ts';
import { pause, waitFor } from '../../testbed/wait.ts';
import { fetchOperatorWrites } from './support/audit.ts';
import { Environment } from './support/environment.ts';
import { startReachedOperator } from './support/reached-operator.ts';
import { applySpec, waitForCondition } from './support/resource.ts';
import { ToldPrometheus } from './support/told-prometheus.ts';

const REF = { apiVersion: MUTUAL_TLS_MIGRATION.apiVersion, kind: MUTUAL_TLS_MIGRATION.kind };
const POLICY = { apiVersion: 'security.istio.io/v1', kind: 'PeerAuthentication', name: 'default' };
const CALLERS = 'plaintext_callers > 0';
/** Who is killed leaves its Lease behind. */
const SOON_LEADING = ['--lease-duration=6s', '--lease-renew-deadline=4s', '--lease-retry-period=500ms'];

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
  await waitForCondition('InjectionEnforced');
});

afterAll(async () => {
  admin?.close();
  await environment.stop();
  await Promise.all([forwarder.stop(), prometheus.stop()]);
});

async function startNext(): Promise<OperatorProcess> {
  operators += 1;
  const flags = [`--prometheus-url=${prometheus.url}`, ...SOON_LEADING];
  return startReachedOperator(environment, forwarder, { name: `mtls-${operators}`, flags });
}

/** A namespace with a pod that has a proxy. */
async function createShop(namespace: string): Promise<void> {
  await environment.kubectl(['create', 'namespace', namespace]);
  await environment.kubectl(['label', 'namespace', namespace, 'istio-injection=enabled']);
  await createPod(namespace, 'web');
}

async function createPod(namespace: string, name: string, labels: Record<string, string> = {}): Promise<void> {
  const spec = { containers: [{ name: 'app', image: 'registry.example/app:1' }] };
  await admin.create({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, labels: { app: name, ...labels } },
    spec,
  });
  await waitFor(`${namespace}/${name} to be ready`, async () => {
    const pod = await admin.get({ apiVersion: 'v1', kind: 'Pod', namespace, name });
    const { conditions = [] } = (pod?.['status'] ?? {}) as { conditions?: { type: string; status: string }[] };
    return conditions.some(({ type, status }) => type === 'Ready' && status === 'True');
  });
}

async function fetchMode(namespace: string): Promise<string> {
  const spec = (await admin.get({ ...POLICY, namespace }))?.['spec'] as { mtls?: { mode?: string } } | undefined;
  return spec?.mtls?.mode ?? 'none';
}

async function migrate(namespace: string, spec: MutualTlsMigrationSpec): Promise<void> {
  const full = { observe: '1s', soak: '1s', callers: { query: CALLERS }, ...spec };
  await admin.create({ ...REF, metadata: { name: 'to-strict', namespace }, spec: full });
}

async function waitForStatus(
  namespace: string,
  what: string,
  isThere: (status: MutualTlsMigrationStatus) => boolean,
): Promise<MutualTlsMigrationStatus> {
  let last: MutualTlsMigrationStatus = {};
  const read = async (): Promise<MutualTlsMigrationStatus | undefined> => {
    last = (await admin.get({ ...REF, namespace, name: 'to-strict' }))?.['status'] ?? {};
    return isThere(last) ? last : undefined;
  };
  return waitFor(`${namespace} to be ${what}`, read, { timeoutMs: 60_000 }).catch(async (error: unknown) => {
    throw new Error(`${String(error)}: ${JSON.stringify(last)}; ${await operator.lastLines()}`, { cause: error });
  });
}

const waitForPhase = (namespace: string, phase: string): Promise<MutualTlsMigrationStatus> =>
  waitForStatus(namespace, phase, (status) => status.phase === phase);

describe('a migration', () => {
  it('waits for whom STRICT would cut off, goes on through a kill of the operator, and writes nothing when it is done', async () => {
    await createShop('shop-a');
    await createPod('shop-a', 'batch', { 'sidecar.istio.io/inject': 'false' });
    prometheus.values.set(CALLERS, 3);
    await migrate('shop-a', {});
    const cut = 'STRICT would cut off: PodsWithoutProxy (shop-a/batch); PlaintextCallers (somebody)';
    const { report } = await waitForStatus('shop-a', 'held', ({ message }) => message === cut);
    expect(report).toContainEqual(expect.objectContaining({ reason: 'PodsWithoutProxy', blocks: true, count: 1 }));
    await environment.kubectl(['-n', 'shop-a', 'delete', 'pod', 'batch', '--grace-period=0', '--force']);
    await waitForStatus('shop-a', 'held by callers', ({ message = '' }) =>
      message.endsWith('PlaintextCallers (somebody)'),
    );
    expect(await fetchMode('shop-a')).toBe('none');
    prometheus.values.delete(CALLERS);
    await waitForStatus('shop-a', 'at STRICT', ({ strictSince }) => strictSince !== undefined);
    await operator.kill();
    operator = await startNext();
    const done = await waitForPhase('shop-a', 'Done');
    expect(done).toMatchObject({ mode: 'STRICT', before: { mode: 'UNSET', existed: false }, message: 'STRICT holds' });
    expect(await fetchMode('shop-a')).toBe('STRICT');
    const quiet = new Date();
    await pause(2_000);
    const writes = await fetchOperatorWrites(environment.cluster.embedded?.auditLogPath ?? '', quiet);
    expect(
      writes.filter(({ objectRef }) => objectRef?.namespace === 'shop-a' && objectRef.resource !== 'events'),
    ).toEqual([]);
  });

  it('steps back to the former mode when somebody comes whom STRICT cuts off', async () => {
    await createShop('shop-b');
    const policy: KubeObject = { ...POLICY, metadata: { name: POLICY.name, namespace: 'shop-b' } };
    await admin.create({ ...policy, spec: { mtls: { mode: 'PERMISSIVE' } } });
    await migrate('shop-b', { soak: '10m' });
    await waitForStatus('shop-b', 'watched', ({ phase, step }) => phase === 'Soaking' && step === 1);
    expect(await fetchMode('shop-b')).toBe('STRICT');
    await createPod('shop-b', 'batch', { 'sidecar.istio.io/inject': 'false' });
    const { cause } = await waitForPhase('shop-b', 'RolledBack');
    expect(cause?.message).toBe('readiness: PodsWithoutProxy (shop-b/batch)');
    expect(await fetchMode('shop-b')).toBe('PERMISSIVE');
  });

  it('takes away the policy that it made when a person ends it', async () => {
    await createShop('shop-c');
    await migrate('shop-c', { soak: '10m' });
    await waitForStatus('shop-c', 'watched', ({ phase, step }) => phase === 'Soaking' && step === 1);
    const annotations = { 'sailwright.dev/abort': 'true' };
    const ref = { ...REF, namespace: 'shop-c', name: 'to-strict' };
    await admin.patch(ref, { metadata: { annotations } }, { type: 'merge', fieldManager: 'test' });
    await waitForPhase('shop-c', 'RolledBack');
    expect(await fetchMode('shop-c')).toBe('none');
  });
});
