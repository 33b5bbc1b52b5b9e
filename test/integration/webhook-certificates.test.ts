// Certificates and webhook configurations on a real API server: two replicas in the test's process share one Secret.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createWebhooks, type Webhooks } from '../../src/operator/webhooks.ts';
import type { KubeObject } from '../../src/core/kube-object.ts';
import { InformerPool } from '../../src/kube/informer-pool.ts';
import { createKubeClient, loadKubeConfig, type KubeClient } from '../../src/kube/client.ts';
import { createSilentLog } from '../../src/telemetry/log.ts';
import { createMetrics } from '../../src/telemetry/metrics.ts';
import { readCertificateSecret, splitBundle } from '../../src/webhooks/certificates/certificate-secret.ts';
import { CERTIFICATE_SECRET } from '../../src/webhooks/certificates/secret-certificates.ts';
import { denyProbes } from '../../src/webhooks/server/probe.ts';
import { Forwarder } from '../../testbed/forwarder.ts';
import { obtainCluster, type ObtainedCluster } from '../../testbed/obtain.ts';
import { findFreePorts } from '../../testbed/ports.ts';
import { waitFor } from '../../testbed/wait.ts';

const NAMESPACE = 'sailwright-system';
const CONFIGURATION = 'sailwright-webhook-test';
const MARK = 'sailwright.dev/seen';

let cluster: ObtainedCluster;
let admin: KubeClient;
let forwarder: Forwarder;
let replicas: Webhooks[] = [];

beforeAll(async () => {
  cluster = await obtainCluster({});
  admin = createKubeClient({ version: 'test', kubeConfig: loadKubeConfig(cluster.kubeconfig) });
  await admin.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } });
  forwarder = await Forwarder.start();
  await admin.create(configuration());
  replicas = await Promise.all([startReplica(), startReplica()]);
  forwarder.use(replicas.map(({ server }) => server.port));
  replicas[0]?.controller.startLeading();
});

afterEach(() => forwarder.use(replicas.map(({ server }) => server.port)));

afterAll(async () => {
  await Promise.all(replicas.map(stopReplica));
  await forwarder.stop();
  await admin.delete({ ...CONFIGURATION_REF, name: CONFIGURATION });
  admin.close();
  await cluster.stop();
});

const CONFIGURATION_REF = { apiVersion: 'admissionregistration.k8s.io/v1', kind: 'MutatingWebhookConfiguration' };
const SECRET_REF = { apiVersion: 'v1', kind: 'Secret', namespace: NAMESPACE, name: CERTIFICATE_SECRET };

/** Marks config maps that carry a label; pods are only there for the operator's proof. */
function configuration(): KubeObject {
  return {
    ...CONFIGURATION_REF,
    metadata: { name: CONFIGURATION },
    webhooks: [
      {
        name: 'test.sailwright.dev',
        clientConfig: { url: `https://127.0.0.1:${forwarder.port}/inject` },
        rules: [{ operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['pods', 'configmaps'] }],
        objectSelector: { matchLabels: { 'webhook-test': 'true' } },
        failurePolicy: 'Ignore',
        sideEffects: 'None',
        admissionReviewVersions: ['v1'],
        timeoutSeconds: 5,
      },
    ],
  };
}

async function startReplica(): Promise<Webhooks> {
  const [port = 0] = await findFreePorts(1);
  const patch = JSON.stringify([{ op: 'add', path: '/metadata/annotations', value: { [MARK]: 'true' } }]);
  const webhooks = createWebhooks(
    {
      namespace: NAMESPACE,
      webhookPort: port,
      webhookHost: '127.0.0.1',
      webhookUrl: `https://127.0.0.1:${forwarder.port}`,
      certificateDirectory: undefined,
    },
    {
      api: admin,
      leaderApi: admin,
      informers: new InformerPool({ api: admin }),
      log: createSilentLog(),
      metrics: createMetrics({ processMetrics: false }),
      routes: [{ path: '/inject', handle: denyProbes(() => ({ allowed: true, patch })) }],
    },
  );
  for (const part of webhooks.parts) await part.start();
  await waitFor('the replica to be ready', () => Promise.resolve(webhooks.findUnready() === undefined));
  return webhooks;
}

async function stopReplica(webhooks: Webhooks): Promise<void> {
  for (const part of [...webhooks.parts].reverse()) await part.stop();
}

async function fetchEntry(): Promise<{ failurePolicy: string; clientConfig: { caBundle?: string } } | undefined> {
  const live = await admin.get({ ...CONFIGURATION_REF, name: CONFIGURATION });
  return (live?.['webhooks'] as { failurePolicy: string; clientConfig: { caBundle?: string } }[] | undefined)?.[0];
}

async function fetchBundle(): Promise<string> {
  return Buffer.from((await fetchEntry())?.clientConfig.caBundle ?? '', 'base64').toString('utf8');
}

async function fetchSecret(): Promise<KubeObject> {
  return waitFor('the certificate Secret', () => admin.get(SECRET_REF));
}

/** Whether the API server got through: by a dry run, so that nothing is left behind. */
async function isMarked(name: string): Promise<boolean> {
  const metadata = { name, namespace: NAMESPACE, labels: { 'webhook-test': 'true' } };
  const created = await admin.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata }, { dryRun: true });
  return created.metadata.annotations?.[MARK] === 'true';
}

async function waitForBinding(): Promise<void> {
  await waitFor('the webhook to be binding', async () => (await fetchEntry())?.failurePolicy === 'Fail');
}

describe('two replicas', () => {
  it('agree on one certificate', async () => {
    const [one, two] = replicas.map(({ certificates }) => certificates.current);
    expect(one?.certificate).toBe(two?.certificate);
    const stored = readCertificateSecret(await fetchSecret());
    expect(stored.current?.certificate).toBe(one?.certificate);
  });

  it('are proven to be reached, and only then become binding', async () => {
    await waitForBinding();
    expect(await fetchBundle()).toBe(replicas[0]?.certificates.current?.caBundle);
    expect(await isMarked('proven')).toBe(true);
    expect(replicas[0]?.proofs.list()).toMatchObject([{ name: CONFIGURATION, isProven: true, isEnforced: true }]);
  });

  it('own nothing of the configuration but caBundle and failurePolicy', async () => {
    const live = await admin.get({ ...CONFIGURATION_REF, name: CONFIGURATION });
    const fields = (live?.metadata['managedFields'] as { manager: string; fieldsV1: unknown }[])
      .filter(({ manager }) => manager.startsWith('sailwright-'))
      .map(({ manager, fieldsV1 }) => [manager, fieldsV1]);
    const entry = 'k:{"name":"test.sailwright.dev"}';
    expect(Object.fromEntries(fields)).toEqual({
      'sailwright-ca': { 'f:webhooks': { [entry]: { 'f:clientConfig': { 'f:caBundle': {} } } } },
      'sailwright-failure-policy': { 'f:webhooks': { [entry]: { 'f:failurePolicy': {} } } },
    });
  });

  it.each([
    { how: 'deleted', harm: () => admin.delete(SECRET_REF) },
    {
      how: 'emptied',
      harm: () => admin.patch(SECRET_REF, { data: { 'tls.key': '' } }, { type: 'merge', fieldManager: 'vandal' }),
    },
    {
      how: 'filled with nonsense',
      harm: () =>
        admin.patch(SECRET_REF, { data: { 'ca.crt': 'bm9uc2Vuc2U=' } }, { type: 'merge', fieldManager: 'vandal' }),
    },
  ])('put back the Secret when it was $how, and serve on with the same certificate', async ({ harm }) => {
    const before = replicas[0]?.certificates.current?.certificate;
    await harm();
    const restored = await waitFor('the Secret to be put back', async () => {
      const secret = await admin.get(SECRET_REF);
      return secret && readCertificateSecret(secret).current;
    });
    expect(restored.certificate).toBe(before);
    expect(await isMarked('restored')).toBe(true);
  });

  it('put the bundle back when somebody removes it', async () => {
    const before = await fetchBundle();
    const patch = [{ op: 'remove', path: '/webhooks/0/clientConfig/caBundle' }];
    await admin.patch({ ...CONFIGURATION_REF, name: CONFIGURATION }, patch, { type: 'json', fieldManager: 'vandal' });
    await waitFor('the bundle to be back', async () => (await fetchBundle()) === before);
  });

  it('let no call fail while the certificate is rotated', async () => {
    await waitForBinding();
    const before = replicas.map(({ certificates }) => certificates.current?.certificate);
    let rotated = false;
    const load = Array.from({ length: 6 }, async (_, worker) => {
      let calls = 0;
      for (; !rotated || calls < 50; calls++) expect(await isMarked(`load-${worker}-${calls}`)).toBe(true);
      return calls;
    });
    // Time is what a rotation waits for: a Secret that says it was prepared long ago need not wait.
    await rotate();
    rotated = true;
    const counts = await Promise.all(load);
    expect(replicas.map(({ certificates }) => certificates.current?.certificate)).not.toEqual(before);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(300);
    console.log(`${counts.reduce((sum, count) => sum + count, 0)} admissions while rotating, none failed`);
  });
});

describe('somebody who changes the bundle back each time', () => {
  it('is named, and repaired ever more rarely until he stops', async () => {
    await waitForBinding();
    const isOurs = async (): Promise<boolean> => (await fetchBundle()).includes('BEGIN CERTIFICATE');
    const theirs = [{ op: 'add', path: '/webhooks/0/clientConfig/caBundle', value: 'bm9uZQ==' }];
    let changes = 0;
    const proofs = replicas[0]?.proofs;
    await waitFor(
      'the fight to be told',
      async () => {
        if (await isOurs()) {
          await admin.patch({ ...CONFIGURATION_REF, name: CONFIGURATION }, theirs, {
            type: 'json',
            fieldManager: 'rival',
          });
          changes += 1;
        }
        return proofs?.find(CONFIGURATION_REF.kind, CONFIGURATION)?.contested !== undefined;
      },
      { timeoutMs: 30_000, intervalMs: 20 },
    );
    expect(changes).toBeLessThanOrEqual(7);
    const { contested } = proofs?.find(CONFIGURATION_REF.kind, CONFIGURATION) ?? {};
    expect(contested).toContain(`MutatingWebhookConfiguration ${CONFIGURATION}: "rival" changes .webhooks[name=`);
    expect(contested).toContain('.clientConfig.caBundle back');
    expect(replicas[0]?.controller.listContestedFields()).toEqual([expect.objectContaining({ manager: 'rival' })]);
    await waitFor('the last repair', isOurs, { timeoutMs: 60_000 });
  });
});

/** Makes the certificate due by asking for one more name, and ages the prepared one. */
async function rotate(): Promise<void> {
  const third = await startThirdWithAnotherName();
  try {
    await waitFor('the next pair to be prepared', async () => {
      const secret = await admin.get(SECRET_REF);
      return secret && readCertificateSecret(secret).next !== undefined;
    });
    await waitFor('both CAs to be trusted', async () => splitBundle(await fetchBundle()).length === 2);
    const annotations = { 'sailwright.dev/prepared-at': '2020-01-01T00:00:00Z' };
    const before = replicas[0]?.certificates.current?.certificate;
    await admin.patch(SECRET_REF, { metadata: { annotations } }, { type: 'merge', fieldManager: 'test' });
    await waitFor('all replicas to serve with the next pair', () =>
      Promise.resolve(replicas.every(({ certificates }) => certificates.current?.certificate !== before)),
    );
  } finally {
    await stopReplica(third);
  }
}

async function startThirdWithAnotherName(): Promise<Webhooks> {
  const webhooks = createWebhooks(
    {
      namespace: NAMESPACE,
      webhookPort: 0,
      webhookHost: '127.0.0.1',
      webhookUrl: 'https://localhost:1',
      certificateDirectory: undefined,
    },
    {
      api: admin,
      leaderApi: admin,
      informers: new InformerPool({ api: admin }),
      log: createSilentLog(),
      metrics: createMetrics({ processMetrics: false }),
      routes: [],
    },
  );
  for (const part of webhooks.parts) await part.start();
  return webhooks;
}
