// kill -9 at random moments: whatever line the operator was at, the next one finishes the work.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pause } from '../../testbed/wait.ts';
import { Environment } from './support/environment.ts';
import { OWNER_SELECTOR } from './support/names.ts';
import { displayNames, fetchLabelled } from './support/objects.ts';
import { applySample, deleteResource, waitForCondition } from './support/resource.ts';

const ROUNDS = 10;
/** An install takes one to two seconds here; the moments cover it from the first line to after the last. */
const LATEST_MOMENT_MS = 2_500;

let environment: Environment;
beforeAll(async () => {
  environment = await Environment.start();
});
afterAll(() => environment.stop());

const fetchNames = async (): Promise<string[]> => {
  const ours = await fetchLabelled(environment.kubectl, OWNER_SELECTOR);
  // Names of pods, ReplicaSets and EndpointSlices are drawn by Kubernetes.
  return displayNames(ours.filter(({ kind }) => !['Pod', 'ReplicaSet', 'EndpointSlice'].includes(kind)));
};

describe('kill -9 during an install', () => {
  let expected: string[] = [];

  it('knows what an undisturbed install makes', async () => {
    const operator = await environment.startOperator('undisturbed');
    await applySample('default');
    await waitForCondition('Ready');
    expected = await fetchNames();
    expect(expected.length).toBeGreaterThan(10);
    await deleteResource(environment.kubectl);
    await operator.stop();
  });

  it.each(Array.from({ length: ROUNDS }, (_, index) => index + 1))('converges, round %i', async (round) => {
    const victim = await environment.startOperator(`victim-${round}`);
    const moment = Math.round(Math.random() * LATEST_MOMENT_MS);
    await applySample('default');
    await pause(moment);
    await victim.kill();
    const began = performance.now();
    const successor = await environment.startOperator(`successor-${round}`);
    await waitForCondition('Ready');
    console.log(`round ${round}: killed after ${moment} ms, Ready ${Math.round(performance.now() - began)} ms later`);
    expect(await fetchNames()).toEqual(expected);
    await deleteResource(environment.kubectl);
    await successor.stop();
  });
});
