// What `manifest diff` says is what the operator then does: the world is changed while no operator runs, the command is
// asked, and then the operator's writes are held against its answer.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Forwarder } from '../../testbed/forwarder.ts';
import type { OperatorProcess } from '../../testbed/operator-process.ts';
import { waitFor } from '../../testbed/wait.ts';
import { runSailwright } from '../builders/run-sailwright.ts';
import { displayEntry, fetchOperatorWrites } from './support/audit.ts';
import { Environment } from './support/environment.ts';
import { startReachedOperator } from './support/reached-operator.ts';
import { MESH_NAME, MESH_NAMESPACE, waitForCondition } from './support/resource.ts';

const EDGE = 'edge-team';
const GATEWAY = 'istio-ingressgateway';
const INJECTOR = 'istio-sidecar-injector';
/** Not of the pass itself. */
const ASIDE = /^(istiooperators|events|replicasets|secrets|analysisreports)\b/;

const resource = (spec: object, annotations: Record<string, string> = {}): object => ({
  apiVersion: 'install.istio.io/v1alpha1',
  kind: 'IstioOperator',
  metadata: { name: MESH_NAME, namespace: MESH_NAMESPACE, annotations },
  spec,
});
const gateways = (istio: string): object => ({
  ingressGateways: [
    { name: GATEWAY, enabled: true, label: { istio } },
    { name: 'edge', namespace: EDGE, enabled: true },
  ],
});
const BEFORE = resource({
  profile: 'default',
  components: { ...gateways('before'), egressGateways: [{ name: 'istio-egressgateway', enabled: true }] },
});
const AFTER = resource(
  { profile: 'default', components: gateways('after'), meshConfig: { trustDomain: 'example.org' } },
  { 'sailwright.dev/recreate': `Deployment/${MESH_NAMESPACE}/${GATEWAY}` },
);

let environment: Environment;
let forwarder: Forwarder;
let operator: OperatorProcess;

beforeAll(async () => {
  environment = await Environment.start();
  forwarder = await Forwarder.start();
  await environment.kubectl(['create', 'namespace', EDGE]);
  operator = await start('operator-1');
  await environment.kubectl(['apply', '-f', await write(BEFORE)]);
  await waitForCondition('Ready');
  await waitForCondition('InjectionEnforced');
  await waitForCondition('ValidationEnforced');
});
afterAll(async () => {
  await environment.stop();
  await forwarder.stop();
});

function start(name: string): Promise<OperatorProcess> {
  return startReachedOperator(environment, forwarder, { name });
}

async function write(object: object): Promise<string> {
  const file = join(environment.folder, 'mesh.json');
  await writeFile(file, JSON.stringify(object));
  return file;
}

async function diff(object: object): Promise<{ code: number; out: string; err: string }> {
  return runSailwright(['manifest', 'diff', '-f', await write(object), '--kubeconfig', environment.cluster.kubeconfig]);
}

/** `services istio-system/istiod`, of what diff would write. */
function announced(out: string): string[] {
  const titles = [...out.matchAll(/^to (?:create|change|make anew|remove): (\S+) (\S+)$/gm)];
  return titles.map(([, kind = '', name]) => `${pluralOf(kind.toLowerCase())} ${name}`).sort();
}

function pluralOf(kind: string): string {
  return kind.endsWith('y') ? `${kind.slice(0, -1)}ies` : `${kind}s`;
}

const inSystem = (...args: string[]): Promise<string> => environment.kubectl(['-n', MESH_NAMESPACE, ...args]);

it('says nothing after an installation', async () => {
  expect(await diff(BEFORE)).toMatchObject({ code: 0, out: '' });
});

it('says all that the operator then does, and no more', async () => {
  await operator.stop();
  // Drift, a deletion, and an object in a namespace of its own.
  await inSystem('patch', 'service', 'istiod', '--type=merge', '-p', '{"spec":{"selector":{"app":"else"}}}');
  await inSystem('delete', 'horizontalpodautoscaler', 'istiod');
  await environment.kubectl(['-n', EDGE, 'delete', 'service', 'edge']);
  // What is left to others.
  await inSystem('annotate', 'deployment', 'istiod', 'example.com/note=theirs');
  await environment.kubectl(['-n', EDGE, 'scale', 'deployment', 'edge', '--replicas=3']);
  // What is kept by another controller than that of IstioOperators.
  const authority = '{.clusters[0].cluster.certificate-authority-data}';
  const bundle = await environment.kubectl(['config', 'view', '--raw', '-o', `jsonpath=${authority}`]);
  const patch = JSON.stringify([{ op: 'add', path: '/webhooks/0/clientConfig/caBundle', value: bundle }]);
  await environment.kubectl(['patch', 'mutatingwebhookconfiguration', INJECTOR, '--type=json', '-p', patch]);

  const answer = await diff(AFTER);
  expect(answer.code, answer.err).toBe(1);
  const lines = answer.out.split('\n');
  expect(lines).toEqual(
    expect.arrayContaining([
      `to change: Service ${MESH_NAMESPACE}/istiod`,
      `to change: ConfigMap ${MESH_NAMESPACE}/istio`,
      `to change: MutatingWebhookConfiguration ${INJECTOR}`,
      `to create: HorizontalPodAutoscaler ${MESH_NAMESPACE}/istiod`,
      `to create: Service ${EDGE}/edge`,
      `to make anew: Deployment ${MESH_NAMESPACE}/${GATEWAY}`,
      `to remove: Deployment ${MESH_NAMESPACE}/istio-egressgateway`,
    ]),
  );
  expect(answer.out).toMatch(/^-\s+caBundle: "\d+ characters.*\n\+\s+caBundle: "\d+ characters/m);
  expect(answer.out).not.toContain('example.com/note');

  const since = new Date();
  await environment.kubectl(['apply', '-f', await write(AFTER)]);
  operator = await start('operator-2');
  await waitForCondition('Ready');
  await waitFor('nothing left to say', async () => (await diff(AFTER)).code === 0, { timeoutMs: 60_000 });
  const log = environment.cluster.embedded?.auditLogPath;
  if (log === undefined) return;
  const writes = (await fetchOperatorWrites(log, since)).map((entry) => displayEntry(entry).replace(/^\S+ /, ''));
  const done = [...new Set(writes.filter((entry) => !ASIDE.test(entry)))].sort();
  expect(done).toEqual(announced(answer.out));
});
