// A revision tag moves between two IstioOperators: at no moment is its webhook missing, and no pod goes without a sidecar.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { KubeObject } from '../../src/core/kube-object.ts';
import { createKubeClient, loadKubeConfig, type KubeClient } from '../../src/kube/client.ts';
import { Forwarder } from '../../testbed/forwarder.ts';
import { pause, waitFor } from '../../testbed/wait.ts';
import { Environment } from './support/environment.ts';
import { istioOperatorWebhook } from './support/istio-operator-webhook.ts';
import { startReachedOperator } from './support/reached-operator.ts';
import { MESH_NAMESPACE } from './support/resource.ts';

const MAIN = join(import.meta.dirname, '../../dist/sailwright.js');
const APPS = 'tag-apps';
const TAG = {
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'MutatingWebhookConfiguration',
  name: 'istio-revision-tag-prod',
};
const SIDES = ['blue', 'green'] as const;
type Side = (typeof SIDES)[number];
/** An even number; each takes about two seconds. */
const MOVES = Number(process.env['TAG_MOVES'] ?? 20);
/** Leaves the machine to what is looked at. */
const LOOK_EVERY_MS = 20;

let environment: Environment;
let forwarder: Forwarder;
let admin: KubeClient;

beforeAll(async () => {
  environment = await Environment.start();
  forwarder = await Forwarder.start();
  await startReachedOperator(environment, forwarder, { name: 'tags-1' });
  admin = createKubeClient({ version: 'test', kubeConfig: loadKubeConfig(environment.cluster.kubeconfig) });
  const webhook = istioOperatorWebhook(`https://127.0.0.1:${forwarder.port}`);
  await environment.kubectl(['apply', '-f', '-'], JSON.stringify(webhook));
  const labels = { 'istio.io/rev': 'prod' };
  await environment.kubectl(['apply', '-f', '-'], JSON.stringify(manifest('v1', 'Namespace', { name: APPS, labels })));
  await waitFor('the default ServiceAccount', () =>
    environment.kubectl(['-n', APPS, 'get', 'serviceaccount', 'default']).then(() => true),
  );
  await apply('blue', 'green');
  await waitFor('both control planes', async () => (await fetchReady()).every((status) => status === 'True'), {
    timeoutMs: 120_000,
  });
  await waitFor('the tag to bind', async () => (await fetchPolicies()).every((policy) => policy === 'Fail'));
});

afterAll(async () => {
  admin.close();
  await environment.stop();
  await forwarder.stop();
});

function manifest(apiVersion: string, kind: string, metadata: KubeObject['metadata'], more: object = {}): KubeObject {
  return { apiVersion, kind, metadata, ...more };
}

function sideOf(revision: Side, hasTag: boolean): KubeObject {
  const spec = { profile: 'minimal', revision, values: { revisionTags: hasTag ? ['prod'] : [] } };
  const metadata = { name: revision, namespace: MESH_NAMESPACE };
  return manifest('install.istio.io/v1alpha1', 'IstioOperator', metadata, { spec });
}

/** Applies both resources one after the other, and gives the tag to one of them. */
async function apply(holder: Side, first: Side): Promise<void> {
  for (const side of first === 'blue' ? SIDES : [...SIDES].reverse()) {
    await admin.apply(sideOf(side, side === holder), { fieldManager: 'test', force: true });
  }
}

async function fetchReady(): Promise<(string | undefined)[]> {
  return Promise.all(
    SIDES.map(async (name) => {
      const resource = await admin.get({
        apiVersion: 'install.istio.io/v1alpha1',
        kind: 'IstioOperator',
        namespace: MESH_NAMESPACE,
        name,
      });
      const { conditions = [] } = (resource?.['status'] ?? {}) as { conditions?: { type: string; status: string }[] };
      return conditions.find(({ type }) => type === 'Ready')?.status;
    }),
  );
}

async function fetchPolicies(): Promise<string[]> {
  const { webhooks = [] } = ((await admin.get(TAG)) ?? {}) as { webhooks?: { failurePolicy: string }[] };
  return webhooks.length === 0 ? ['none'] : webhooks.map(({ failurePolicy }) => failurePolicy);
}

const targetOf = (object: KubeObject | undefined): string | undefined => object?.metadata.labels?.['istio.io/rev'];
const previousOf = (object: KubeObject | undefined): string | undefined =>
  object?.metadata.annotations?.['sailwright.dev/previous-revision'];

interface Watcher {
  polls: number;
  missing: number;
  open: number;
  pods: number;
  bare: number;
  stop(): Promise<void>;
}

/** Looks at the webhook, and has pods admitted, for as long as it is not stopped. */
function startWatching(): Watcher {
  let isStopped = false;
  const seen = { polls: 0, missing: 0, open: 0, pods: 0, bare: 0 };
  const repeat = async (look: () => Promise<void>): Promise<void> => {
    for (; !isStopped; await pause(LOOK_EVERY_MS)) await look();
  };
  const poll = async (): Promise<void> => {
    const policies = await fetchPolicies();
    seen.polls += 1;
    if (policies.includes('none')) seen.missing += 1;
    else if (policies.includes('Ignore')) seen.open += 1;
  };
  const admit = async (): Promise<void> => {
    const pod = manifest('v1', 'Pod', { name: `p-${seen.pods}`, namespace: APPS }, { spec: SPEC });
    const { spec } = (await admin.create(pod, { dryRun: true })) as unknown as { spec: PodSpec };
    seen.pods += 1;
    const names = [...spec.containers, ...(spec.initContainers ?? [])].map(({ name }) => name);
    if (!names.includes('istio-proxy')) seen.bare += 1;
  };
  const running = Promise.all([repeat(poll), repeat(admit)]);
  return Object.assign(seen, {
    stop: async () => {
      isStopped = true;
      await running;
    },
  });
}

interface PodSpec {
  containers: { name: string }[];
  initContainers?: { name: string }[];
}
const SPEC: PodSpec & object = { containers: [{ name: 'app', image: 'app' } as { name: string }] };

it(
  `keeps its webhook through ${MOVES} moves, whichever resource is applied first`,
  { timeout: 60_000 + MOVES * 8_000 },
  async () => {
    const watcher = startWatching();
    const times: number[] = [];
    for (let move = 0; move < MOVES; move += 1) {
      const [holder, former] = move % 2 === 0 ? (['green', 'blue'] as const) : (['blue', 'green'] as const);
      const began = performance.now();
      await apply(holder, move % 4 < 2 ? 'blue' : 'green');
      const moved = await waitFor(`the tag to lead to ${holder}`, async () => {
        const live = await admin.get(TAG);
        return targetOf(live) === holder ? live : undefined;
      });
      times.push(performance.now() - began);
      expect(previousOf(moved)).toBe(former);
    }
    await watcher.stop();
    const { polls, missing, open, pods, bare } = watcher;
    const sorted = [...times].sort((a, b) => a - b).map(Math.round);
    console.log(`${MOVES} moves, median ${sorted[MOVES / 2]} ms, longest ${sorted.at(-1)} ms`);
    console.log(
      `${polls} polls: ${missing} without the webhook, ${open} with Ignore; ${pods} pods: ${bare} without sidecar`,
    );
    expect({ missing, open, bare }).toEqual({ missing: 0, open: 0, bare: 0 });
    expect(pods).toBeGreaterThan(MOVES);
  },
);

it('is listed and rolled back by the command line', async () => {
  const before = await admin.get(TAG);
  const [now, former] = [targetOf(before), previousOf(before)];
  expect(await sailwright('tag', 'list')).toMatch(new RegExp(`prod +${now} +${former} +istio-system/${now} +1`));
  expect(await sailwright('tag', 'rollback', 'prod', '--dry-run')).toContain('[] -> [prod]');
  expect(targetOf(await admin.get(TAG))).toBe(now);
  expect(await sailwright('tag', 'rollback', 'prod')).toContain(`tag prod leads to ${former}`);
  expect(previousOf(await admin.get(TAG))).toBe(now);
});

it('stays while a namespace uses it, and goes with the last', async () => {
  await sailwright('tag', 'remove', 'prod');
  const side = targetOf(await admin.get(TAG)) ?? '';
  await waitFor('the resource to tell who uses it', async () =>
    (await fetchStatus(side)).includes(`1 namespace (${APPS})`),
  );
  await environment.kubectl(['label', 'namespace', APPS, 'istio.io/rev-']);
  await waitFor('the tag to be gone', async () => (await admin.get(TAG)) === undefined, { timeoutMs: 60_000 });
});

async function fetchStatus(name: string): Promise<string> {
  return environment.kubectl(['get', 'iop', name, '-n', MESH_NAMESPACE, '-o', 'jsonpath={.status}']);
}

async function sailwright(...args: string[]): Promise<string> {
  const env = { ...process.env, KUBECONFIG: environment.cluster.kubeconfig };
  const { stdout } = await promisify(execFile)(process.execPath, [MAIN, ...args], { env });
  return stdout;
}
