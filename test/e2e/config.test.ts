// config/default as a cluster takes it: the pods pass the strictest pod security, the operator's rights are what the
// files say, and nothing more.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { waitFor } from '../../testbed/wait.ts';
import { Environment } from './support/environment.ts';
import { applySample, waitForCondition } from './support/resource.ts';

const SAMPLES = join(import.meta.dirname, '../../config/samples');
const OPERATOR = 'system:serviceaccount:sailwright-system:sailwright';
const samples = (await readdir(SAMPLES)).filter((name) => name.startsWith('istiooperator-'));

let environment: Environment;
beforeAll(async () => {
  environment = await Environment.start();
});
afterAll(() => environment.stop());

const inSystem = (...args: string[]): Promise<string> => environment.kubectl(['-n', 'sailwright-system', ...args]);

async function canOperator(...args: string[]): Promise<boolean> {
  const answer = environment.kubectl(['auth', 'can-i', ...args, '--as', OPERATOR]);
  return answer.then(
    (text) => text.trim() === 'yes',
    // kubectl ends with 1 for "no".
    () => false,
  );
}

describe('config/default', () => {
  it.skipIf(Boolean(process.env['KUBECONFIG']))(
    'runs two replicas under the restricted pod security level',
    async () => {
      await inSystem('rollout', 'status', 'deployment/sailwright', '--timeout=60s');
      expect(await inSystem('get', 'deployment', 'sailwright', '-o', 'jsonpath={.status.readyReplicas}')).toBe('2');
    },
  );

  it.skipIf(Boolean(process.env['KUBECONFIG']))(
    'points the webhook Service at the named port of both replicas',
    async () => {
      const path = 'jsonpath={.items[0].ports[0].port} {.items[0].endpoints[*].conditions.ready}';
      const label = 'kubernetes.io/service-name=sailwright-webhook';
      // The slice follows the pods' readiness a moment later.
      const fetchSlice = (): Promise<string> => inSystem('get', 'endpointslices', '-l', label, '-o', path);
      await waitFor('both replicas behind the Service', async () => (await fetchSlice()) === '9443 true true');
    },
  );

  it('lets one replica be evicted at a time', async () => {
    expect(await inSystem('get', 'pdb', 'sailwright', '-o', 'jsonpath={.spec.maxUnavailable}')).toBe('1');
  });

  it('applies a second time without a change', async () => {
    const read = (): Promise<string> =>
      environment.kubectl(['get', 'clusterrole', 'sailwright-operator', '-o', 'jsonpath={.metadata.resourceVersion}']);
    const before = await read();
    await environment.kubectl(['apply', '--server-side', '-k', join(SAMPLES, '../default')]);
    expect(await read()).toBe(before);
  });
});

describe('a resource that no operator has seen', () => {
  it('says so, by which GitOps tools wait', async () => {
    await applySample('default');
    const iop = ['iop', 'istio', '-n', 'istio-system'];
    const path = 'jsonpath={.metadata.generation} {.status.observedGeneration}';
    expect(await environment.kubectl(['get', ...iop, '-o', path])).toBe('1 -1');
    await environment.kubectl(['delete', ...iop]);
  });
});

describe("the operator's rights", () => {
  it.each([
    ['patch', 'deployments.apps', '-n', 'anywhere'],
    ['create', 'namespaces'],
    ['patch', 'istiooperators.install.istio.io', '--subresource=status', '-n', 'anywhere'],
    ['update', 'leases.coordination.k8s.io', '-n', 'sailwright-system'],
    ['update', 'secrets/sailwright-webhook-certificate', '-n', 'sailwright-system'],
  ])('include %s %s', async (...args) => {
    expect(await canOperator(...args)).toBe(true);
  });

  it.each([
    ['escalate', 'clusterroles.rbac.authorization.k8s.io'],
    ['bind', 'clusterroles.rbac.authorization.k8s.io'],
    ['impersonate', 'users'],
    ['delete', 'namespaces'],
    ['delete', 'customresourcedefinitions.apiextensions.k8s.io'],
    ['delete', 'istiooperators.install.istio.io', '-n', 'anywhere'],
    ['create', 'pods', '--subresource=exec', '-n', 'anywhere'],
    ['create', 'serviceaccounts', '--subresource=token', '-n', 'anywhere'],
    ['*', '*'],
  ])('do not include %s %s', async (...args) => {
    expect(await canOperator(...args)).toBe(false);
  });
});

describe('config/restricted', () => {
  const RESTRICTED = join(SAMPLES, '../restricted');

  it('leaves the Secrets of other namespaces than the control plane’s alone', async () => {
    await environment.kubectl(['apply', '--server-side', '-k', RESTRICTED]);
    // What config/default bound before; on a new cluster it never is.
    await environment.kubectl(['delete', 'clusterrolebinding', 'sailwright-namespace-grants']);
    // istiod's role grants it, so that whoever writes that role has to hold it there.
    expect(await canOperator('create', 'secrets', '-n', 'istio-system')).toBe(true);
    for (const verb of ['create', 'update', 'delete'])
      expect(await canOperator(verb, 'secrets', '-n', 'default')).toBe(false);
    expect(await canOperator('update', 'secrets', '-n', 'sailwright-system')).toBe(false);
  });

  it('is enough for an installation', async () => {
    // In the cluster itself the operator's pods would run; here one process does, under the same account.
    const operator = await environment.startOperator('restricted');
    await applySample('default');
    await waitForCondition('Ready');
    expect(await operator.lastLines(1_000)).not.toContain('forbidden');
  });
});

describe('config/samples', () => {
  it.each(samples)('%s is accepted by the API server as it stands', async (name) => {
    await environment.kubectl(['apply', '--dry-run=server', '-f', join(SAMPLES, name)]);
  });

  it('are all there', () => {
    expect(samples).toHaveLength(5);
  });
});
