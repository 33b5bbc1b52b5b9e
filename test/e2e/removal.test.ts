// Nobody takes a revision away from those who use it, or names one that is not there, in silence; and while no replica answers, the resource can still be let go.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Forwarder } from '../../testbed/forwarder.ts';
import { conditionOf, type Condition } from '../../testbed/istio-operator-condition.ts';
import type { OperatorProcess } from '../../testbed/operator-process.ts';
import { waitFor } from '../../testbed/wait.ts';
import { Environment } from './support/environment.ts';
import { istioOperatorWebhook } from './support/istio-operator-webhook.ts';
import { startReachedOperator } from './support/reached-operator.ts';
import { applySpec, fetchResource, MESH_NAME, MESH_NAMESPACE, waitForCondition } from './support/resource.ts';

const APPS = 'removal-apps';
const CANARY = { profile: 'minimal', revision: 'canary' };
const MESH = ['iop', MESH_NAME, '-n', MESH_NAMESPACE];

const OTHERS_APPS = 'removal-others';
/** An injector of somebody else, who serves one revision. */
const FOREIGN = {
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'MutatingWebhookConfiguration',
  metadata: { name: 'other-installer' },
  webhooks: [
    {
      name: 'rev.namespace.sidecar-injector.istio.io',
      clientConfig: { url: 'https://127.0.0.1:1/inject' },
      rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }],
      namespaceSelector: {
        matchLabels: { 'istio.io/rev': 'theirs' },
        matchExpressions: [{ key: 'istio-injection', operator: 'DoesNotExist' }],
      },
      failurePolicy: 'Ignore',
      sideEffects: 'None',
      admissionReviewVersions: ['v1'],
    },
  ],
};

let environment: Environment;
let forwarder: Forwarder;
let operator: OperatorProcess;
const kubectl = (...args: string[]): Promise<string> => environment.kubectl(args);

beforeAll(async () => {
  environment = await Environment.start();
  forwarder = await Forwarder.start();
  operator = await startOperator('removal-1');
  await kubectl('create', 'namespace', APPS);
  const webhook = istioOperatorWebhook(`https://127.0.0.1:${forwarder.port}`);
  await environment.kubectl(['apply', '-f', '-'], JSON.stringify(webhook));
  await applySpec(CANARY);
  await waitForCondition('Ready');
  await waitFor('the webhook to bind', async () => (await fetchPolicies())[0] === 'Fail');
});

afterAll(async () => {
  await environment.stop();
  await forwarder.stop();
});

function startOperator(name: string): Promise<OperatorProcess> {
  return startReachedOperator(environment, forwarder, { name });
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
  expect(await refusalOf(applySpec({ ...CANARY, revision: 'next' }))).toContain(message);
  expect((await fetchResource())?.metadata?.deletionTimestamp).toBeUndefined();
});

it('lets pass what takes nothing from anybody, and what is forced', async () => {
  await applySpec({ ...CANARY, values: { revisionTags: ['prod'] } });
  await kubectl('annotate', ...MESH, 'sailwright.dev/force-delete=true');
  expect(await kubectl('delete', ...MESH, '--dry-run=server')).toContain('deleted');
  await kubectl('annotate', ...MESH, 'sailwright.dev/force-delete-');
});

it('lets annotations, finalizers and deletions pass while no operator runs, and no spec', async () => {
  expect(await fetchPolicies()).toEqual(['Fail', 'Ignore']);
  await operator.kill();
  await kubectl('annotate', ...MESH, 'test.sailwright.dev/touch=1');
  await setFinalizers('sailwright.dev/finalizer', 'test.sailwright.dev/x');
  expect(await refusalOf(applySpec(CANARY))).toContain('istiooperator.sailwright.dev');
  await kubectl('delete', ...MESH, '--wait=false');
  // Whoever comes next holds it, for the namespace names it still.
  operator = await startOperator('removal-2');
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

it('tells of labels that no injector serves, until one does or they are gone', async () => {
  const apply = (object: object): Promise<string> => environment.kubectl(['apply', '-f', '-'], JSON.stringify(object));
  const label = (...labels: string[]): Promise<string> => kubectl('label', 'namespace', '--overwrite', APPS, ...labels);
  await apply(FOREIGN);
  await kubectl('create', 'namespace', OTHERS_APPS);
  await kubectl('label', 'namespace', OTHERS_APPS, 'istio.io/rev=theirs');
  await label('istio.io/rev=canary');
  await applySpec({ profile: 'minimal' });
  await waitForCondition('Ready');
  const condition = await waitForMissing('istio.io/rev=canary');
  expect(condition.message).toContain(`istio.io/rev=canary on 1 namespace (${APPS})`);
  expect(condition.message).not.toContain(OTHERS_APPS);
  expect(await fetchCount('RevisionNotFound')).toBe('1');
  expect(await fetchCount('NoDefaultInjector')).toBe('0');
  await waitForCondition('Ready');

  await applySpec({ profile: 'minimal', values: { revisionTags: ['canary'] } });
  await waitFor('the tag to serve', async () => (await fetchMissing()) === undefined);
  expect(await fetchCount('RevisionNotFound')).toBe('0');

  await label('istio.io/rev=gone');
  await waitForMissing('istio.io/rev=gone');
  await label('istio.io/rev-', 'istio-injection=enabled');
  await waitFor('the default to serve', async () => (await fetchMissing()) === undefined);
});

it('tells in a namespace that is being deleted who keeps it, and lets it go by force', async () => {
  const fetchFailure = (): Promise<string> => {
    const path = 'jsonpath={.status.conditions[?(@.type=="NamespaceDeletionContentFailure")].message}';
    return kubectl('get', 'namespace', MESH_NAMESPACE, '--ignore-not-found', '-o', path);
  };
  await kubectl('delete', 'namespace', MESH_NAMESPACE, '--wait=false');
  await waitFor('the namespace to tell', async () => (await fetchFailure()).includes(`1 namespace (${APPS})`));
  await kubectl('annotate', ...MESH, 'sailwright.dev/force-delete=true');
  await waitFor('the resource to be gone', async () => (await fetchResource()) === undefined, { timeoutMs: 90_000 });
});

async function fetchMissing(): Promise<Condition | undefined> {
  return conditionOf(await fetchResource(), 'InjectorMissing');
}

function waitForMissing(text: string): Promise<Condition> {
  return waitFor(`the condition to name ${text}`, async () => {
    const found = await fetchMissing();
    return found?.message?.includes(text) ? found : undefined;
  });
}

async function fetchCount(reason: string): Promise<string | undefined> {
  const page = await operator.fetchMetrics();
  return new RegExp(`^sailwright_labels_without_injector{reason="${reason}"} (.*)$`, 'm').exec(page)?.[1];
}
