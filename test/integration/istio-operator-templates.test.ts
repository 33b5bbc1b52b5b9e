// Injection templates of the user's: what would inject nobody never reaches the cluster, and a replica that starts
// finds something to inject by.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { inject } from '../../src/core/inject/inject.ts';
import type { KubeObject, ObjectRef } from '../../src/core/kube-object.ts';
import { InformerPool } from '../../src/kube/informer-pool.ts';
import { createSilentLog } from '../../src/telemetry/log.ts';
import { InjectionRegistry } from '../../src/webhooks/inject/injection-registry.ts';
import { waitFor } from '../../testbed/wait.ts';
import { ControllerHarness } from './support/controller-harness.ts';

const SYSTEM = 'istio-system';
const INJECTOR: ObjectRef = { apiVersion: 'v1', kind: 'ConfigMap', namespace: SYSTEM, name: 'istio-sidecar-injector' };

let harness: ControllerHarness;
beforeAll(async () => {
  harness = await ControllerHarness.start('templates-test');
});
afterAll(() => harness.stop());

const template = (text: string): object => ({
  profile: 'minimal',
  values: { sidecarInjectorWebhook: { templates: { own: text }, defaultTemplates: ['sidecar', 'own'] } },
});
const GOOD = 'metadata:\n  annotations:\n    greeted: "{{ .ObjectMeta.Name }}"\n';
const BROKEN = 'metadata:\n  annotations:\n    greeted: {{ if }}\n';

async function fetchConfig(): Promise<string> {
  const { data } = (await harness.admin.get(INJECTOR)) as KubeObject & { data: { config: string } };
  return data.config;
}

async function editConfig(config: string): Promise<void> {
  await harness.admin.patch(INJECTOR, { data: { config } }, { type: 'merge', fieldManager: 'hand' });
}

/** What a replica that starts now makes of a pod: names of its containers and annotations. */
async function injectByNewReplica(): Promise<{ containers: string[]; greeted: string | undefined }> {
  const informers = new InformerPool({ api: harness.admin });
  const registry = new InjectionRegistry({ informers, endpoint: {}, log: createSilentLog() });
  registry.start();
  try {
    await waitFor('the replica to be ready', () => Promise.resolve(registry.findUnready() === undefined));
    const config = registry.configOf('', SYSTEM);
    if ('problem' in config) throw new Error(config.problem);
    const pod = { metadata: { name: 'web' }, spec: { containers: [{ name: 'app', image: 'app' }] } };
    const result = inject({ pod, namespace: 'shop' }, config);
    if (result.outcome !== 'injected') throw new Error(JSON.stringify(result));
    const { spec, metadata } = result.pod;
    const names = [spec['initContainers'], spec['containers']].flatMap((list) => (list ?? []) as { name: string }[]);
    return { containers: names.map(({ name }) => name), greeted: metadata.annotations?.['greeted'] };
  } finally {
    await registry.stop();
  }
}

const injected = { containers: expect.arrayContaining(['istio-proxy', 'app']) as string[], greeted: 'web' };

it('a template that injects is applied', async () => {
  await harness.applySpec(template(GOOD));
  await harness.waitForCondition('Ready');
  expect(await injectByNewReplica()).toEqual(injected);
});

it('one that does not stalls the resource, and the last good one stays for replicas that start', async () => {
  const before = await fetchConfig();
  await harness.applySpec(template(BROKEN));
  const stalled = await harness.waitForCondition('Stalled');
  expect(stalled.reason).toBe('InjectionBroken');
  expect(stalled.message).toContain(
    'spec.values.sidecarInjectorWebhook.templates.own: the template cannot be read: line 3',
  );
  expect(harness.notes.map(({ reason }) => reason)).toContain('InjectionBroken');
  expect(await fetchConfig()).toBe(before);
  expect(await injectByNewReplica()).toEqual(injected);
});

it('one that somebody writes into the ConfigMap is put back, and the replica that starts then injects', async () => {
  await harness.applySpec(template(GOOD));
  await harness.waitForCondition('Ready');
  const good = await fetchConfig();
  await editConfig(good.replace('greeted: ', 'greeted: {{ if }}'));
  await waitFor('the ConfigMap to be repaired', async () => (await fetchConfig()) === good);
  expect(await injectByNewReplica()).toEqual(injected);
});

it('while nobody repairs it, a replica that starts injects the pods that do not need it', async () => {
  await harness.annotate(['install.istio.io/ignoreReconcile=true']);
  await harness.waitForCondition('Paused');
  await editConfig('{policy: enabled, defaultTemplates: [sidecar], templates: {own: "{{ if }}"}}');
  expect(await injectByNewReplica()).toEqual({ ...injected, greeted: undefined });
});
