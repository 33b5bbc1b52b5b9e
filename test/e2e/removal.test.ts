// Nobody takes a revision away from those who use it; and while no replica answers, the resource can still be let go.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Forwarder } from '../../testbed/forwarder.ts';
import type { OperatorProcess } from '../../testbed/operator-process.ts';
import { waitFor } from '../../testbed/wait.ts';
import { Environment } from './support/environment.ts';
import { istioOperatorWebhook } from './support/istio-operator-webhook.ts';
import { applySpec, fetchResource, MESH_NAME, MESH_NAMESPACE, waitForCondition } from './support/resource.ts';

const APPS = 'removal-apps';
const CANARY = { profile: 'minimal', revision: 'canary' };
const MESH = ['iop', MESH_NAME, '-n', MESH_NAMESPACE];

let environment: Environment;
let forwarder: Forwarder;
let webhookUrl: string;
let operator: OperatorProcess;
const kubectl = (...args: string[]): Promise<string> => environment.kubectl(args);

beforeAll(async () => {
  environment = await Environment.start();
  forwarder = await Forwarder.start();
  webhookUrl = `https://127.0.0.1:${forwarder.port}`;
  operator = await startOperator('removal-1');
  await kubectl('create', 'namespace', APPS);
  await environment.kubectl(['apply', '-f', '-'], JSON.stringify(istioOperatorWebhook(webhookUrl)));
  await applySpec(environment.kubectl, CANARY);
  await waitForCondition('Ready');
  await waitFor('the webhook to bind', async () => (await fetchPolicies())[0] === 'Fail');
});

afterAll(async () => {
  await environment.stop();
  await forwarder.stop();
});

async function startOperator(name: string): Promise<OperatorProcess> {
  const started = await environment.startOperator(name, { webhookUrl });
  await waitFor('the operator to be ready', async () => (await started.fetchHealth('/readyz')) === 200);
  forwarder.use([started.webhookPort]);
  return started;
}

async function refusalOf(call: Promise<unknown>): Promise<string> {
  const error: unknown = await call.then(
    () => new Error('it was taken'),
    (reason: unknown) => reason,
  );
  return String(error);
}

async function setFinalizers(...finalizers: string[]): Promise<void> {
  await kubectl('patch', ...MESH, '--type=merge', '-p', JSON.stringify({ metadata: { finalizers } }));
}

async function fetchPolicies(): Promise<string[]> {
  const path = 'jsonpath={.webhooks[*].failurePolicy}';
  return (await kubectl('get', 'validatingwebhookconfiguration', 'test-istiooperator', '-o', path)).split(' ');
}

it('refuses to delete or rename a revision that a namespace names, and says who', async () => {
  await kubectl('label', 'namespace', APPS, 'istio.io/rev=canary');
  const message = `revision canary is in use by 1 namespace (${APPS})`;
  const refusal = await refusalOf(kubectl('delete', ...MESH));
  expect(refusal).toContain('(Conflict)');
  expect(refusal).toContain(message);
  expect(refusal).toContain('sailwright.dev/force-delete: "true"');
  expect(await refusalOf(applySpec(environment.kubectl, { ...CANARY, revision: 'next' }))).toContain(message);
  expect((await fetchResource())?.metadata?.deletionTimestamp).toBeUndefined();
});

it('lets pass what takes nothing from anybody, and what is forced', async () => {
  await applySpec(environment.kubectl, { ...CANARY, values: { revisionTags: ['prod'] } });
  await kubectl('annotate', ...MESH, 'sailwright.dev/force-delete=true');
  expect(await kubectl('delete', ...MESH, '--dry-run=server')).toContain('deleted');
  await kubectl('annotate', ...MESH, 'sailwright.dev/force-delete-');
});

it('lets annotations, finalizers and deletions pass while no operator runs, and no spec', async () => {
  expect(await fetchPolicies()).toEqual(['Fail', 'Ignore']);
  await operator.kill();
  await kubectl('annotate', ...MESH, 'test.sailwright.dev/touch=1');
  await setFinalizers('sailwright.dev/finalizer', 'test.sailwright.dev/x');
  expect(await refusalOf(applySpec(environment.kubectl, CANARY))).toContain('istiooperator.sailwright.dev');
  await kubectl('delete', ...MESH, '--wait=false');
  // Whoever comes next holds it, for the namespace names it still.
  await startOperator('removal-2');
  const condition = await waitFor('the deletion to be held', async () => {
    const ready = (await fetchResource())?.status?.conditions?.find(({ type }) => type === 'Ready');
    return ready?.reason === 'RevisionInUse' ? ready : undefined;
  });
  expect(condition.message).toContain(APPS);
});

it('takes a second deletion of what is on its way out', async () => {
  expect(await kubectl('delete', ...MESH, '--wait=false')).toContain('deleted');
  await setFinalizers('sailwright.dev/finalizer');
  await kubectl('label', 'namespace', APPS, 'istio.io/rev-');
  await waitFor('the resource to be gone', async () => (await fetchResource()) === undefined, { timeoutMs: 90_000 });
});
