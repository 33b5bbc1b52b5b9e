// What a deletion and a change of the spec remove: nothing that others use or share, and webhooks last.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { KubeObject, ObjectRef } from '../../src/core/kube-object.ts';
import { waitFor } from '../../testbed/wait.ts';
import { ControllerHarness } from './support/controller-harness.ts';

const SYSTEM = 'istio-system';
const APPS = 'removal-apps';
const ISTIOD: ObjectRef = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: SYSTEM, name: 'istiod-canary' };
const READER: ObjectRef = {
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  namespace: SYSTEM,
  name: 'istio-reader-service-account',
};
const injector = (name: string): ObjectRef => ({
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'MutatingWebhookConfiguration',
  name,
});
const CANARY = { profile: 'minimal', revision: 'canary' };
const INVALID = { profile: 'minimal', values: { global: { noSuchSetting: true } } };

let harness: ControllerHarness;

beforeAll(async () => {
  harness = await ControllerHarness.start('removal-test');
  await harness.kubectl(['create', 'namespace', APPS]);
});
afterAll(() => harness.stop());
beforeEach(() => {
  harness.writes = [];
});

const kubectl = (...args: string[]): Promise<string> => harness.kubectl(args);
const isThere = async (ref: ObjectRef): Promise<boolean> => (await harness.admin.get(ref)) !== undefined;
const annotate = (name: string, text: string): Promise<string> =>
  kubectl('annotate', 'iop', name, '-n', harness.namespace, '--overwrite', text);
const startDeletion = (name: string): Promise<string> =>
  kubectl('delete', 'iop', name, '-n', harness.namespace, '--wait=false');

async function waitForReason(reason: string, name = 'mesh'): Promise<string> {
  const read = async (): Promise<string | undefined> => {
    const condition = await harness.fetchCondition('Ready', name);
    return condition?.reason === reason ? condition.message : undefined;
  };
  return waitFor(`${name} to be ${reason}`, read);
}

async function waitUntilGone(name = 'mesh'): Promise<void> {
  // Nothing of ours tells when a namespace or a pod moves: the annotation brings the next pass at once.
  await annotate(name, `test.sailwright.dev/touch=${Math.random()}`).catch(() => undefined);
  await waitFor(`${name} to be gone`, async () => !(await isThere(harness.ref(name))), { timeoutMs: 60_000 });
}

function injectedPod(revision: string): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: 'app',
      namespace: APPS,
      labels: { 'istio.io/rev': 'some-tag' },
      annotations: { 'sidecar.istio.io/status': JSON.stringify({ revision }) },
    },
    spec: { containers: [{ name: 'istio-proxy', image: 'proxy' }] },
  };
}

async function install(spec: unknown, name = 'mesh'): Promise<void> {
  await harness.applySpec(spec, name);
  await harness.waitForCondition('Ready', name);
}

describe('a revision in use', () => {
  it('is held while the labels of a namespace name it, and goes once they do not', async () => {
    await install(CANARY);
    await kubectl('label', 'namespace', APPS, 'istio.io/rev=canary');
    await startDeletion('mesh');
    const message = await waitForReason('RevisionInUse');
    expect(message).toContain(`revision canary is in use by 1 namespace (${APPS})`);
    expect(message).toContain('sailwright.dev/force-delete');
    expect(await isThere(ISTIOD)).toBe(true);
    expect(harness.writes.filter((write) => write.startsWith('delete'))).toEqual([]);
    await kubectl('label', 'namespace', APPS, 'istio.io/rev-');
    await waitUntilGone();
    expect(await isThere(ISTIOD)).toBe(false);
  });

  it('is held while a pod has its proxy, whatever tag the pod asked for', async () => {
    await install(CANARY);
    await harness.admin.create(injectedPod('canary'));
    await startDeletion('mesh');
    expect(await waitForReason('RevisionInUse')).toContain(`1 pod (${APPS}/app)`);
    await kubectl('delete', 'pod', 'app', '-n', APPS, '--wait', '--grace-period=0');
    await waitUntilGone();
  });

  it('is held while a tag of others leads to it, and goes by force', async () => {
    await install(CANARY);
    await harness.admin.create({
      ...injector('istio-revision-tag-prod'),
      metadata: { name: 'istio-revision-tag-prod', labels: { 'istio.io/tag': 'prod', 'istio.io/rev': 'canary' } },
      webhooks: [],
    });
    await startDeletion('mesh');
    expect(await waitForReason('RevisionInUse')).toContain('MutatingWebhookConfiguration istio-revision-tag-prod');
    await annotate('mesh', 'sailwright.dev/force-delete=true');
    await waitUntilGone();
    expect(await isThere(ISTIOD)).toBe(false);
    await harness.admin.delete(injector('istio-revision-tag-prod'));
  });

  it('stays beside the new one when the spec names another, until nobody uses it', async () => {
    await install({ ...CANARY, values: { revisionTags: ['prod'] } });
    await kubectl('label', 'namespace', APPS, 'istio.io/rev=prod');
    await install({ ...CANARY, revision: 'next' });
    const condition = await harness.waitForCondition('RevisionInUse');
    expect(condition.message).toContain(`tag prod is in use by 1 namespace (${APPS})`);
    expect(await isThere(ISTIOD)).toBe(true);
    expect(await isThere(injector('istio-revision-tag-prod'))).toBe(true);
    await kubectl('label', 'namespace', APPS, 'istio.io/rev-');
    await annotate('mesh', 'test.sailwright.dev/touch=1');
    await waitFor('the former revision to be gone', async () => !(await isThere(ISTIOD)));
    await waitFor('the condition to be gone', async () => !(await harness.fetchCondition('RevisionInUse')));
    await waitFor('the tag to be gone', async () => !(await isThere(injector('istio-revision-tag-prod'))));
    await startDeletion('mesh');
    await waitUntilGone();
  });
});

it('says first that it removes, and takes webhooks away when all but their configuration is gone', async () => {
  await install({ profile: 'default' });
  await harness.waitForQuiet();
  harness.writes = [];
  await startDeletion('mesh');
  await waitUntilGone();
  expect(harness.writes[0]).toBe('patch IstioOperator mesh');
  const kinds = harness.writes.filter((write) => write.startsWith('delete')).map((write) => write.split(' ')[1] ?? '');
  const isWebhook = (kind: string): boolean => kind.endsWith('WebhookConfiguration');
  const first = kinds.findIndex(isWebhook);
  expect(first).toBeGreaterThan(kinds.lastIndexOf('Deployment'));
  expect(new Set(kinds.slice(first).filter((kind) => !isWebhook(kind)))).toEqual(new Set(['ConfigMap']));
});

describe('what all share', () => {
  it('stays while another IstioOperator is there, even one that cannot be rendered, and goes with the last', async () => {
    await install(CANARY);
    await harness.applySpec(INVALID, 'broken');
    await harness.waitForCondition('Stalled', 'broken');
    await startDeletion('mesh');
    await waitUntilGone();
    expect(await isThere(ISTIOD)).toBe(false);
    expect(await isThere(READER)).toBe(true);
    await startDeletion('broken');
    await waitUntilGone('broken');
    await waitFor('nothing to be left', async () => !(await isThere(READER)));
  });
});
