// Another controller that changes back what is repaired: the fight slows down, is named, and ends with the other.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KubeObject, ObjectRef } from '../../src/core/kube-object.ts';
import { waitFor } from '../../testbed/wait.ts';
import { ControllerHarness } from './support/controller-harness.ts';

const SYSTEM = 'istio-system';
const SERVICE: ObjectRef = { apiVersion: 'v1', kind: 'Service', namespace: SYSTEM, name: 'istiod' };
const AUTOSCALER: ObjectRef = {
  apiVersion: 'autoscaling/v2',
  kind: 'HorizontalPodAutoscaler',
  namespace: SYSTEM,
  name: 'istiod',
};
const FIELD = '.metadata.labels.app';

let harness: ControllerHarness;

beforeAll(async () => {
  harness = await ControllerHarness.start('contention-test');
  await harness.applySpec({ profile: 'default' });
  await harness.waitForCondition('Ready');
  await harness.waitForQuiet();
});
afterAll(() => harness.stop());

interface Rival {
  /** How often it changed the object back. */
  changes: number;
  stop(): Promise<void>;
}

/** Undoes each repair as soon as it sees it. */
function startRival(ref: ObjectRef, undo: () => Promise<unknown>, isRepaired: (live?: KubeObject) => boolean): Rival {
  let stopped = false;
  const rival = { changes: 0 };
  const run = async (): Promise<void> => {
    while (!stopped) {
      if (isRepaired(await harness.admin.get(ref))) {
        await undo();
        rival.changes += 1;
      }
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  };
  const running = run();
  return Object.assign(rival, {
    stop: async () => {
      stopped = true;
      await running;
    },
  });
}

const contestedReady = async (): Promise<string | undefined> => {
  const ready = await harness.fetchCondition('Ready');
  return ready?.reason === 'FieldsContested' ? ready.message : undefined;
};
const repairsOf = ({ kind }: ObjectRef): number =>
  harness.writes.filter((write) => write.startsWith(`apply ${kind} `)).length;

async function expectSlowFight(ref: ObjectRef, rival: Rival): Promise<string> {
  harness.writes = [];
  const message = await waitFor('the fight to be told', contestedReady);
  const before = repairsOf(ref);
  expect(before).toBeLessThanOrEqual(6);
  await harness.waitForQuiet(3_000);
  expect(rival.changes).toBeGreaterThan(3);
  expect(repairsOf(ref)).toBeLessThanOrEqual(before + 1);
  return message;
}

/** The rival is gone: time passes until the next repair, and then until the fight counts as over. */
async function expectEnd(ref: ObjectRef, isRepaired: (live?: KubeObject) => boolean): Promise<void> {
  for (const ms of [10 * 60_000, 20 * 60_000]) {
    harness.aheadMs += ms;
    await harness.annotate([`time=${harness.aheadMs}`]);
    await waitFor('the last repair', async () => isRepaired(await harness.admin.get(ref)));
  }
  await harness.waitForCondition('Ready');
}

describe('a fight with another controller', () => {
  it('about a field slows down, is named in condition, event and metric, and ends', { timeout: 180_000 }, async () => {
    const patch = { metadata: { labels: { app: 'by-the-rival' } } };
    const isRepaired = (live?: KubeObject): boolean => live?.metadata.labels?.['app'] === 'istiod';
    const undo = (): Promise<unknown> => harness.admin.patch(SERVICE, patch, { type: 'merge', fieldManager: 'rival' });
    const rival = startRival(SERVICE, undo, isRepaired);
    const message = await expectSlowFight(SERVICE, rival);
    expect(message).toContain(`Service ${SYSTEM}/istiod: "rival" changes ${FIELD} back`);
    expect(harness.notes.filter(({ reason }) => reason === 'FieldsContested')).toHaveLength(1);
    const labels = { manager: 'rival', kind: 'Service', namespace: SYSTEM, name: 'istiod', field: FIELD };
    expect(harness.controller.listContestedFields()).toEqual([labels]);
    await rival.stop();
    await expectEnd(SERVICE, isRepaired);
    expect(harness.controller.listContestedFields()).toEqual([]);
  });

  it('does not slow down the repair of other objects', async () => {
    const patch = { metadata: { labels: { app: 'by-the-rival' } } };
    const isRepaired = (live?: KubeObject): boolean => live?.metadata.labels?.['app'] === 'istiod';
    const undo = (): Promise<unknown> => harness.admin.patch(SERVICE, patch, { type: 'merge', fieldManager: 'rival' });
    const rival = startRival(SERVICE, undo, isRepaired);
    await waitFor('the fight to be told', contestedReady);
    await harness.admin.delete(AUTOSCALER);
    await waitFor('the other object to be back', () => harness.admin.get(AUTOSCALER), { timeoutMs: 5_000 });
    await rival.stop();
    await expectEnd(SERVICE, isRepaired);
  });

  it('about the existence of an object slows down too', { timeout: 180_000 }, async () => {
    const undo = (): Promise<unknown> => harness.admin.delete(AUTOSCALER);
    const isRepaired = (live?: KubeObject): boolean => live !== undefined;
    const rival = startRival(AUTOSCALER, undo, isRepaired);
    const message = await expectSlowFight(AUTOSCALER, rival);
    expect(message).toContain(`HorizontalPodAutoscaler ${SYSTEM}/istiod: somebody deletes it`);
    await rival.stop();
    await expectEnd(AUTOSCALER, isRepaired);
  });
});
