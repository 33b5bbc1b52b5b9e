// A resource that asks for plans: nothing but repairs is written before the plan is approved by its hash.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PlanStatus } from '../../src/api/install/istio-operator-status.ts';
import type { ObjectRef } from '../../src/core/kube-object.ts';
import { waitFor } from '../../testbed/wait.ts';
import { ControllerHarness } from './support/controller-harness.ts';

const NAMESPACE = 'plan-test';
const SYSTEM = 'istio-system';
const ISTIOD: ObjectRef = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: SYSTEM, name: 'istiod' };
const SERVICE: ObjectRef = { apiVersion: 'v1', kind: 'Service', namespace: SYSTEM, name: 'istiod' };
const MESH: ObjectRef = { apiVersion: 'v1', kind: 'ConfigMap', namespace: SYSTEM, name: 'istio' };
const PLAN: ObjectRef = { apiVersion: 'v1', kind: 'ConfigMap', namespace: NAMESPACE, name: 'sailwright-plan-mesh' };
const MODE = 'sailwright.dev/mode';
const APPROVE = 'sailwright.dev/approve';
const LABEL = 'app.kubernetes.io/name';

let harness: ControllerHarness;

beforeAll(async () => {
  harness = await ControllerHarness.start(NAMESPACE);
});
afterAll(() => harness.stop());

const annotate = (...annotations: string[]): Promise<string> =>
  harness.kubectl(['annotate', '--overwrite', 'iop', 'mesh', '-n', NAMESPACE, ...annotations]);
const fetchPlan = async (): Promise<PlanStatus | undefined> =>
  (await harness.fetchStatus())['plan'] as PlanStatus | undefined;
const fetchText = async (): Promise<string> =>
  ((await harness.admin.get(PLAN))?.['data'] as { 'plan.diff': string })['plan.diff'];
const applyDomain = (trustDomain: string): Promise<void> =>
  harness.applySpec({ profile: 'default', meshConfig: { trustDomain } });
const fetchDomain = async (): Promise<string> =>
  /trustDomain: (.*)/.exec(((await harness.admin.get(MESH))?.['data'] as { mesh: string }).mesh)?.[1] ?? '';

/** Waits for the plan of the spec as it is now. */
async function waitForPlan(): Promise<PlanStatus> {
  await harness.waitForCondition('PlanPending');
  const plan = await fetchPlan();
  if (plan?.state !== 'Pending') throw new Error(`the plan is ${JSON.stringify(plan)}`);
  return plan;
}

async function waitForApplied(): Promise<void> {
  await waitFor('the plan to be carried out', async () => (await fetchPlan())?.state === 'Applied', {
    timeoutMs: 60_000,
  });
  await harness.waitForCondition('Ready');
  expect(await harness.fetchCondition('PlanPending')).toBeUndefined();
}

async function expectRest(): Promise<void> {
  await harness.waitForQuiet();
  harness.writes = [];
  const passes = await harness.fetchPasses();
  await annotate(`touch=${Date.now()}`);
  await waitFor('one more pass', async () => (await harness.fetchPasses()) > passes);
  await harness.waitForQuiet();
  expect(harness.writes).toEqual([]);
}

describe('the first installation', () => {
  it('waits, with the whole plan in a ConfigMap', async () => {
    const { apiVersion, kind, namespace = '', name } = harness.ref();
    const metadata = { namespace, name, annotations: { [MODE]: 'Plan' } };
    // What kubectl applied, its next apply would take away.
    await harness.admin.create({ apiVersion, kind, metadata, spec: { profile: 'default' } });
    const plan = await waitForPlan();
    expect(plan.summary).toMatch(/^\d+ to create$/);
    const text = await fetchText();
    expect(text).toContain(`to create: Deployment ${SYSTEM}/istiod\n--- /dev/null`);
    expect(text).toContain('to create: CustomResourceDefinition virtualservices.networking.istio.io\n');
    expect(await harness.fetchCondition('Ready')).toMatchObject({ status: 'Unknown', reason: 'ApprovalRequired' });
    expect(await harness.admin.get(ISTIOD)).toBeUndefined();
    expect((await harness.fetchStatus())['inventory'] ?? []).toEqual([]);
    await expectRest();
  });

  it('refuses another hash', async () => {
    await annotate(`${APPROVE}=0123456789abcdef0123`);
    await waitFor('the refusal', async () =>
      (await harness.fetchCondition('PlanPending'))?.message.includes('"0123456789abcdef0123", which is not this plan'),
    );
    expect(await harness.admin.get(ISTIOD)).toBeUndefined();
  });

  it('is carried out through all phases when its plan is approved', { timeout: 120_000 }, async () => {
    const { hash } = await waitForPlan();
    await annotate(`${APPROVE}=${hash}`);
    await waitForApplied();
    expect(await harness.admin.get(ISTIOD)).toBeDefined();
    expect(harness.notes.map(({ reason }) => reason)).toEqual(expect.arrayContaining(['PlanPending', 'PlanApproved']));
    await expectRest();
  });
});

describe('a change', () => {
  it('waits; Ready tells of what runs, and drift is repaired meanwhile', async () => {
    const { appliedGeneration } = await harness.fetchStatus();
    await applyDomain('first.example');
    const plan = await waitForPlan();
    expect(plan.summary).toMatch(/^\d to change$/);
    const text = await fetchText();
    expect(text).toMatch(/^\+.*trustDomain: first\.example$/m);
    // Neither defaults nor what others set.
    expect(text).not.toMatch(/clusterIP|progressDeadlineSeconds|managedFields|applied-hash/);
    const ready = await harness.fetchCondition('Ready');
    expect(ready).toMatchObject({ status: 'True', observedGeneration: appliedGeneration });
    await harness.admin.patch(
      SERVICE,
      { metadata: { labels: { [LABEL]: 'else' } } },
      { type: 'merge', fieldManager: 'someone' },
    );
    await waitFor('the repair', async () => (await harness.admin.get(SERVICE))?.metadata.labels?.[LABEL] === 'istiod');
    await expectRest();
    await harness.restart();
    await expectRest();
    expect((await waitForPlan()).hash).toBe(plan.hash);
    expect(await fetchDomain()).toBe('cluster.local');
  });

  it('keeps its text from being written over', async () => {
    await harness.admin.patch(PLAN, { data: { 'plan.diff': 'nothing to see' } }, { type: 'merge', fieldManager: 'x' });
    await annotate(`touch=${Date.now()}`);
    await waitFor('the text to be back', async () => (await fetchText()).includes('first.example'));
  });

  it('of which the plan went stale is refused, and the new hash is told', async () => {
    const { hash } = await waitForPlan();
    await applyDomain('second.example');
    await waitFor('the new plan', async () => (await waitForPlan()).hash !== hash);
    await annotate(`${APPROVE}=${hash}`);
    await waitFor('the refusal', async () =>
      (await harness.fetchCondition('PlanPending'))?.message.includes('which is not this plan, or no longer'),
    );
    expect(await fetchDomain()).toBe('cluster.local');
    await annotate(`${APPROVE}=${(await waitForPlan()).hash}`);
    await waitForApplied();
    expect(await fetchDomain()).toBe('second.example');
  });

  it('that is taken back needs no approval', async () => {
    await applyDomain('third.example');
    await waitForPlan();
    await applyDomain('second.example');
    await waitFor('the plan to be gone', async () => (await fetchPlan()) === undefined);
    await harness.waitForCondition('Ready');
  });

  it('is applied at once without the annotation', async () => {
    await applyDomain('fourth.example');
    await waitForPlan();
    await annotate(`${MODE}-`);
    await waitFor('the change', async () => (await fetchDomain()) === 'fourth.example');
    await waitFor('the plan to be gone', async () => (await fetchPlan()) === undefined);
    await harness.waitForCondition('Ready');
  });

  it('waits too where the annotation is misspelt', async () => {
    await annotate(`${MODE}=plan`);
    expect((await harness.waitForCondition('Stalled')).message).toContain('must be Plan or Apply');
    await applyDomain('fifth.example');
    await harness.waitForCondition('Stalled');
    expect(await fetchDomain()).toBe('fourth.example');
  });
});
