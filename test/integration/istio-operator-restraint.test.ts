// What the owner of a resource keeps the operator from: all of it, single objects, or the repair of what others change.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ObjectRef } from '../../src/core/kube-object.ts';
import { waitFor } from '../../testbed/wait.ts';
import { ControllerHarness } from './support/controller-harness.ts';

const NAMESPACE = 'restraint-test';
const SYSTEM = 'istio-system';
const SERVICE: ObjectRef = { apiVersion: 'v1', kind: 'Service', namespace: SYSTEM, name: 'istiod' };
const MAP: ObjectRef = { apiVersion: 'v1', kind: 'ConfigMap', namespace: SYSTEM, name: 'istio' };
const AUTOSCALER: ObjectRef = {
  apiVersion: 'autoscaling/v2',
  kind: 'HorizontalPodAutoscaler',
  namespace: SYSTEM,
  name: 'istiod',
};
/** On each object that the operator makes, with the value `istiod` on these. */
const LABEL = 'app.kubernetes.io/name';
const IGNORE = 'install.istio.io/ignoreReconcile';
const PAUSE = 'sailwright.dev/pause';
const DRIFT = 'sailwright.dev/drift';

let harness: ControllerHarness;

beforeAll(async () => {
  harness = await ControllerHarness.start(NAMESPACE);
  await harness.applySpec({ profile: 'default' });
  await harness.waitForCondition('Ready');
  await harness.waitForQuiet();
});
afterAll(() => harness.stop());

const annotate = (...annotations: string[]): Promise<string> =>
  harness.kubectl(['annotate', '--overwrite', 'iop', 'mesh', '-n', NAMESPACE, ...annotations]);
const setApp = (value: string, ref = SERVICE): Promise<unknown> =>
  harness.admin.patch(ref, { metadata: { labels: { [LABEL]: value } } }, { type: 'merge', fieldManager: 'someone' });
const fetchApp = async (ref = SERVICE): Promise<string | undefined> =>
  (await harness.admin.get(ref))?.metadata.labels?.[LABEL];
const waitForApp = (value: string, ref = SERVICE): Promise<unknown> =>
  waitFor(`the label to be ${value}`, async () => (await fetchApp(ref)) === value);
const waitForMessage = (type: string, text: string): Promise<unknown> =>
  waitFor(`${type} to say ${text}`, async () => (await harness.fetchCondition(type))?.message.includes(text));
const waitForEnd = (type: string): Promise<unknown> =>
  waitFor(`${type} to be over`, async () => {
    const { conditions = [] } = (await harness.fetchStatus()) as { conditions?: { type: string }[] };
    return conditions.every((condition) => condition.type !== type);
  });
/** Whatever else happens, the operator has nothing to do. */
async function expectRest(): Promise<void> {
  await harness.waitForQuiet();
  harness.writes = [];
  const passes = await harness.fetchPasses();
  await annotate(`touch=${passes}`);
  await waitFor('one more pass', async () => (await harness.fetchPasses()) > passes);
  await harness.waitForQuiet();
  expect(harness.writes).toEqual([]);
}

describe('a pause of the resource', () => {
  it('is a condition of its own, and Ready goes on to speak of what runs', async () => {
    const { appliedGeneration } = await harness.fetchStatus();
    await annotate(`${IGNORE}=true`);
    await harness.waitForCondition('Paused');
    expect(await harness.fetchCondition('Ready')).toMatchObject({
      status: 'True',
      observedGeneration: appliedGeneration,
    });
    await harness.applySpec({ profile: 'default', meshConfig: { trustDomain: 'later.example' } });
    await waitForMessage('Paused', 'waits');
    const ready = await harness.fetchCondition('Ready');
    expect(ready).toMatchObject({ status: 'True', observedGeneration: appliedGeneration });
    expect((await harness.fetchCondition('Reconciling'))?.status).toBe('False');
    await setApp('else');
    await expectRest();
    expect(await fetchApp()).toBe('else');
  });

  it('tells of pods that stop running meanwhile', async () => {
    await harness.admin.delete({ ...SERVICE, apiVersion: 'apps/v1', kind: 'Deployment' });
    await waitFor('Ready to tell', async () => (await harness.fetchCondition('Ready'))?.status !== 'True');
    expect(await harness.fetchCondition('Paused')).toBeDefined();
  });

  it('ends with the annotation, and all that waited is written', async () => {
    await annotate(`${IGNORE}-`);
    await waitForApp('istiod');
    await harness.waitForCondition('Ready');
    await waitForEnd('Paused');
    const { appliedGeneration, observedGeneration } = await harness.fetchStatus();
    expect(appliedGeneration).toBe(observedGeneration);
    expect(harness.notes.map(({ reason }) => reason)).toEqual(expect.arrayContaining(['Paused', 'Resumed']));
  });
});

describe('a pause of one object', () => {
  it('keeps every write from it, and from nothing else', async () => {
    await annotate(`${PAUSE}=Service/${SYSTEM}/istiod`);
    await waitForMessage('Paused', `Service ${SYSTEM}/istiod`);
    await setApp('else');
    await setApp('else', MAP);
    await waitForApp('istiod', MAP);
    await waitForMessage('Paused', 'its repair waits');
    await harness.applySpec({ profile: 'default', values: { pilot: { serviceAnnotations: { note: 'new' } } } });
    await waitForMessage('Paused', 'a change of it waits');
    await expectRest();
    expect(await fetchApp()).toBe('else');
    expect((await harness.fetchCondition('Ready'))?.status).toBe('True');
  });

  it('ends with the annotation', async () => {
    await annotate(`${PAUSE}-`);
    await waitForApp('istiod');
    await waitForEnd('Paused');
    expect((await harness.admin.get(SERVICE))?.metadata.annotations).toMatchObject({ note: 'new' });
  });

  it('of a name that is not there is told', async () => {
    await annotate(`${PAUSE}=Service/${SYSTEM}/never`);
    await waitForMessage('AnnotationUnclear', `Service/${SYSTEM}/never`);
    await annotate(`${PAUSE}-`);
    await waitForEnd('AnnotationUnclear');
  });
});

describe('drift that someone wants', () => {
  it('stays with "warn", and is told with object, field and who', async () => {
    await annotate(`${DRIFT}=Service/${SYSTEM}/istiod=warn,HorizontalPodAutoscaler/${SYSTEM}/istiod=ignore`);
    await setApp('wanted');
    await waitForMessage(
      'Drifted',
      `Service ${SYSTEM}/istiod: "someone" changed .metadata.labels.app.kubernetes.io/name`,
    );
    await setApp('else', MAP);
    await waitForApp('istiod', MAP);
    await expectRest();
    expect(await fetchApp()).toBe('wanted');
    expect((await harness.fetchCondition('Ready'))?.status).toBe('True');
  });

  it('stays with "ignore" without a word, also where it is a deletion, and after a restart', async () => {
    await harness.admin.delete(AUTOSCALER);
    await expectRest();
    await harness.restart();
    await expectRest();
    expect(await harness.admin.get(AUTOSCALER)).toBeUndefined();
    expect((await harness.fetchCondition('Drifted'))?.message).not.toContain('HorizontalPodAutoscaler');
  });

  it('is put back when the annotation goes', async () => {
    await annotate(`${DRIFT}-`);
    await waitForApp('istiod');
    await waitFor('the autoscaler to be back', () => harness.admin.get(AUTOSCALER));
    await waitForEnd('Drifted');
  });

  it('is not wanted because somebody wrote so on the live object', async () => {
    const patch = { metadata: { labels: { [LABEL]: 'else' }, annotations: { [DRIFT]: 'ignore' } } };
    await harness.admin.patch(SERVICE, patch, { type: 'merge', fieldManager: 'neighbour' });
    await waitForApp('istiod');
  });

  it('may be asked for by an overlay on the rendered object', async () => {
    const patches = [{ path: `metadata.annotations`, value: { [DRIFT]: 'warn' } }];
    const overlays = [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'istio', patches }];
    await harness.applySpec({ profile: 'default', components: { pilot: { k8s: { overlays } } } });
    await harness.waitForCondition('Ready');
    await setApp('by-overlay', MAP);
    await waitForMessage('Drifted', `ConfigMap ${SYSTEM}/istio`);
    expect(await fetchApp(MAP)).toBe('by-overlay');
  });
});
