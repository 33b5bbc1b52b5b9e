// What somebody types in the first hour with a mesh: what runs, and what a restart would change.
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { KubeObject } from '../../src/core/kube-object.ts';
import { Forwarder } from '../../testbed/forwarder.ts';
import { waitFor } from '../../testbed/wait.ts';
import { runSailwright, type Ended } from '../builders/run-sailwright.ts';
import { Environment } from './support/environment.ts';
import { startReachedOperator } from './support/reached-operator.ts';
import { applySpec, waitForCondition } from './support/resource.ts';

const SHOP = 'first-hour';

let environment: Environment;
let forwarder: Forwarder;

beforeAll(async () => {
  environment = await Environment.start();
  forwarder = await Forwarder.start();
  await startReachedOperator(environment, forwarder, { name: 'first-hour-1' });
  await applySpec({ profile: 'default' });
  await waitForCondition('Ready');
  await waitForCondition('InjectionEnforced');
  await apply({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: SHOP, labels: { 'istio-injection': 'enabled' } },
  });
  await waitFor('the default ServiceAccount', () =>
    environment.kubectl(['-n', SHOP, 'get', 'serviceaccount', 'default']).then(() => true),
  );
  await apply(workload('Deployment', 'web'));
  await apply(workload('StatefulSet', 'store'));
  await waitFor(
    'the pods to run',
    async () => (await fetchPhases()).filter((phase) => phase === 'Running').length === 3,
  );
});

afterAll(async () => {
  await environment.stop();
  await forwarder.stop();
});

async function apply(object: KubeObject): Promise<void> {
  await environment.kubectl(['apply', '-f', '-'], JSON.stringify(object));
}

function workload(kind: string, name: string): KubeObject {
  const probe = { httpGet: { path: '/ready', port: 8080 } };
  const containers = [{ name: 'app', image: 'app:1', ports: [{ containerPort: 8080 }], readinessProbe: probe }];
  const spec = {
    replicas: kind === 'Deployment' ? 2 : 1,
    selector: { matchLabels: { app: name } },
    template: { metadata: { labels: { app: name } }, spec: { containers } },
    ...(kind === 'StatefulSet' ? { serviceName: name } : {}),
  };
  return { apiVersion: 'apps/v1', kind, metadata: { name, namespace: SHOP }, spec };
}

async function fetchPhases(): Promise<string[]> {
  const path = 'jsonpath={range .items[*]}{.status.phase} {end}';
  return (await environment.kubectl(['-n', SHOP, 'get', 'pods', '-o', path])).trim().split(' ');
}

function run(...args: string[]): Promise<Ended> {
  return runSailwright([...args, '--kubeconfig', environment.cluster.kubeconfig]);
}

interface ShownProxy {
  workload: { name: string };
  state: string;
  differences?: { path: string }[];
}

async function fetchProxies(): Promise<ShownProxy[]> {
  const { code, out, err } = await run('proxies', '-n', SHOP, '-o', 'json');
  expect([code, err]).toEqual([0, '']);
  return (JSON.parse(out) as { proxies: ShownProxy[] }).proxies;
}

it('proxies: pods that were just injected are current, whatever the API server filled in', async () => {
  expect(
    (await fetchProxies()).map(({ workload: { name }, state, differences }) => [name, state, differences]),
  ).toEqual([
    ['store', 'current', undefined],
    ['web', 'current', undefined],
    ['web', 'current', undefined],
  ]);
  const { out } = await run('proxies');
  expect(out).toMatch(/^NAMESPACE +WORKLOAD +PODS +VERSION +REVISION +STATE +WHY\n/);
  expect(out).toMatch(new RegExp(`${SHOP} +Deployment/web +2 +1\\.\\d+\\.\\d+ +default +current\n`));
  expect(out).toContain('istio-ingressgateway');
});

it('proxies: a change of the mesh makes them stale, by the fields that it changes', async () => {
  await applySpec({ profile: 'default', values: { global: { proxy: { logLevel: 'debug' } } } });
  const stale = await waitFor('the new configuration', async () => {
    const proxies = await fetchProxies();
    return proxies.every(({ state }) => state === 'changed') && proxies;
  });
  const paths = stale.map(({ differences = [] }) => differences.map(({ path }) => path));
  expect(new Set(paths.map((each) => each.join()))).toEqual(
    new Set([expect.stringMatching(/^(initC|c)ontainers\[istio-proxy\]\.args$/)]),
  );
  await environment.kubectl(['-n', SHOP, 'rollout', 'restart', 'deployment/web', 'statefulset/store']);
  await waitFor('the new pods', async () => (await fetchProxies()).every(({ state }) => state === 'current'));
  expect((await run('proxies', '-n', SHOP, '--stale')).out).toBe('no proxy that a restart would change\n');
});

it('proxies: a namespace that leaves the mesh would lose them', async () => {
  await environment.kubectl(['label', 'namespace', SHOP, 'istio-injection-']);
  expect(new Set((await fetchProxies()).map(({ state }) => state))).toEqual(new Set(['losing']));
  await environment.kubectl(['label', 'namespace', SHOP, 'istio-injection=enabled']);
});
