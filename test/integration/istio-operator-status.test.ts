// Whatever step of a pass fails, the resource says so: nobody keeps an old Ready=True.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { InventoryEntry } from '../../src/api/install/istio-operator-status.ts';
import { entryRef } from '../../src/core/plan/inventory.ts';
import { ApiError } from '../../src/kube/errors.ts';
import { waitFor } from '../../testbed/wait.ts';
import { ControllerHarness } from './support/controller-harness.ts';

const CAUSE = 'broken by the test';
const broken = (): ApiError => new ApiError({ status: 403, reason: 'Forbidden', message: CAUSE });
const SPEC = { profile: 'ambient', components: { ingressGateways: [{ name: 'istio-ingressgateway', enabled: true }] } };

let harness: ControllerHarness;
let touches = 0;

beforeAll(async () => {
  harness = await ControllerHarness.start('status-test');
  await harness.applySpec(SPEC);
  await harness.waitForCondition('Ready');
  await harness.waitForQuiet();
});
afterEach(() => (harness.fault = () => undefined));
afterAll(() => harness.stop());

/** Asks for a pass that has nothing to do. */
async function touch(): Promise<void> {
  touches += 1;
  const annotation = `test.sailwright.dev/touch=${touches}`;
  await harness.annotate([annotation]);
}

/** Waits until Ready told of the fault, and after its end until it is True again. */
async function expectTold(): Promise<void> {
  const ready = await waitFor('the cause to be told', () =>
    harness.told.find(({ message }) => message.includes(CAUSE)),
  );
  expect(ready.status).not.toBe('True');
  harness.told = [];
  harness.fault = () => undefined;
  await harness.waitForCondition('Ready');
}

/** The different calls of the first pass of a process, which reads all and has nothing to do. */
async function recordCalls(): Promise<string[]> {
  const calls = new Set<string>();
  harness.fault = (method, { kind }) => void calls.add(`${method} ${kind}`.trim());
  await harness.restart();
  await waitFor('a pass', async () => (await harness.fetchPasses()) > 0);
  harness.fault = () => undefined;
  return [...calls];
}

it('tells of every call and step of a pass that breaks', { timeout: 180_000 }, async () => {
  const calls = await recordCalls();
  expect(calls).toEqual(expect.arrayContaining(['render IstioOperator', 'list Role', 'serverVersion']));
  const told: string[] = [];
  for (const call of calls) {
    let isMade = false;
    const fault: typeof harness.fault = (method, { kind }) => {
      if (`${method} ${kind}`.trim() !== call) return undefined;
      isMade = true;
      return broken();
    };
    // What the process before it still asks for is told by nobody.
    await harness.restart(() => Promise.resolve(void (harness.fault = fault)));
    await waitFor('the call, or a pass without it', async () => isMade || (await harness.fetchPasses()) > 0);
    // What informers knew before the pass began is not asked for.
    if (!isMade) continue;
    told.push(call);
    await expectTold().catch((error: unknown) => {
      throw new Error(`${call}: ${String(error)}`, { cause: error });
    });
  }
  expect(told.length).toBeGreaterThan(calls.length / 2);
});

it('tells of every kind of object that cannot be put back', { timeout: 180_000 }, async () => {
  const { inventory } = (await harness.fetchStatus()) as { inventory: InventoryEntry[] };
  const kinds = new Map(inventory.map((entry) => [entry.kind, entryRef(entry)]));
  expect(kinds.size).toBeGreaterThan(12);
  for (const [wanted, ref] of kinds) {
    harness.fault = (method, { kind }) => (method === 'apply' && kind === wanted ? broken() : undefined);
    const patch = { metadata: { labels: { 'operator.istio.io/managed': 'changed-by-the-test' } } };
    await harness.admin.patch(ref, patch, { type: 'merge', fieldManager: 'stranger' });
    await expectTold().catch((error: unknown) => {
      throw new Error(`${wanted}: ${String(error)}`, { cause: error });
    });
  }
});

describe('a fault of our own', () => {
  it('is told with the time of the next try', async () => {
    harness.fault = (method) => (method === 'render' ? new TypeError(CAUSE) : undefined);
    await touch();
    const ready = await waitFor('the cause to be told', async () => {
      const condition = await harness.fetchCondition('Ready');
      return condition?.reason === 'PassFailed' ? condition : undefined;
    });
    expect(ready.message).toMatch(/^the pass broke off: broken by the test; it is tried again by \d{4}-.*Z$/);
    expect(harness.notes).toContainEqual(expect.objectContaining({ reason: 'PassFailed', type: 'Warning' }));
    await expectTold();
  });

  it('is told of a deletion too', async () => {
    harness.fault = (method, { kind }) => (method === 'list' && kind === 'IstioOperator' ? broken() : undefined);
    await harness.kubectl(['delete', 'iop', 'mesh', '-n', harness.namespace, '--wait=false']);
    await waitFor('the cause to be told', async () => {
      const condition = await harness.fetchCondition('Ready');
      return condition?.reason === 'DeletionBlocked' && condition.message.includes(CAUSE);
    });
    harness.fault = () => undefined;
    await waitFor('the resource to be gone', async () => (await harness.admin.get(harness.ref())) === undefined);
  });
});
