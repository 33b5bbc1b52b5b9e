// The samples, and with them the guides that show them: applied as they are, and looked at by requests.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';

import { issueCertificate } from '../../../src/webhooks/certificates/issue-certificate.ts';
import { TRAFFIC_IMAGE } from '../../../testbed/images/traffic-images.ts';
import type { Kubectl } from '../../../testbed/kubectl.ts';
import { waitForPods, type Pod } from '../../../testbed/mesh/pods.ts';
import type { RealEnvironment } from '../../../testbed/mesh/real-cluster.ts';
import {
  apply,
  createNamespace,
  deleteNamespaces,
  deploy,
  run,
  send,
  type Tally,
} from '../../../testbed/mesh/workloads.ts';
import { PATIENTLY, waitFor } from '../../../testbed/wait.ts';
import { installSharedMesh } from '../support/shared-mesh.ts';

const SAMPLES = join(import.meta.dirname, '../../../samples');
const MY_APP = 'http://my-app.my-app/';
const DOOR = 'istio-ingressgateway.istio-system';
const KINDS = 'virtualservices,destinationrules,gateways.networking.istio.io,peerauthentications,authorizationpolicies';
const DAY_MS = 86_400_000;

interface Workload {
  kind: string;
  metadata: { labels?: Record<string, string>; name: string };
  spec: { template: { metadata: { labels: Record<string, string> }; spec: { containers: object[] } } };
}

const read = (path: string): object[] =>
  parseAllDocuments(readFileSync(join(SAMPLES, path), 'utf8')).map((document) => document.toJS() as object);

/** The application, with what nodes have in its containers: it says its version, and counts. */
function readApplication(): object[] {
  const objects = read('app/app.yaml') as Workload[];
  for (const { kind, spec } of objects) {
    if (kind !== 'Deployment') continue;
    const name = spec.template.metadata.labels['version'] ?? '';
    for (const container of spec.template.spec.containers) {
      Object.assign(container, { name: 'app', image: TRAFFIC_IMAGE, args: ['serve', `-name=${name}`] });
    }
  }
  return objects;
}

/** Namespace `my-app`, as samples/app makes it. */
export function sampleCases(here: () => RealEnvironment): void {
  let kubectl: Kubectl;
  let client: Pod;
  let outsider: Pod;

  beforeAll(async () => {
    ({ kubectl } = here());
    await installSharedMesh(here());
    await apply(kubectl, ...readApplication());
    await createNamespace(kubectl, 'my-street');
    [[client], [outsider]] = (await Promise.all([
      deploy(kubectl, { namespace: 'my-app', name: 'client' }),
      deploy(kubectl, { namespace: 'my-street', name: 'outsider' }),
      waitForPods(kubectl, 'my-app', { selector: 'app=my-app', count: 2 }),
    ])) as unknown as [[Pod], [Pod]];
  });
  afterAll(() => deleteNamespaces(kubectl, 'my-app', 'my-street'));
  beforeEach(() => kubectl(['-n', 'my-app', 'delete', KINDS, '--all']));

  const applySamples = (...paths: string[]): Promise<string> => apply(kubectl, ...paths.flatMap(read));
  /** Asks until what comes back is as it should be: settings reach proxies when they do. */
  const waitForAnswers = (from: Pod, isRight: (tally: Tally) => boolean, ...flags: string[]): Promise<Tally> =>
    waitFor(
      `answers to ${flags.join(' ')}`,
      async () => {
        const tally = await send(kubectl, from, '-count=10', '-close', `-url=${MY_APP}`, ...flags);
        if (isRight(tally)) return tally;
        throw new Error(JSON.stringify(tally));
      },
      PATIENTLY,
    );
  const allOf = (status: number) => (tally: Tally) => tally.statuses[status] === tally.requests;
  const onlyFrom = (name: string) => (tally: Tally) => tally.names[name] === tally.requests;
  const allReset = (tally: Tally): boolean => Object.keys(tally.statuses).length === 0;
  const TESTER = '-header=x-canary=true';

  it('canary: everybody at v1, testers at v2, then a share of all', async () => {
    await applySamples('canary/destination-rule.yaml', 'canary/stable.yaml');
    await waitForAnswers(client, onlyFrom('v1'), TESTER);
    await applySamples('canary/testers.yaml');
    await waitForAnswers(client, onlyFrom('v2'), TESTER);
    await waitForAnswers(client, onlyFrom('v1'));
    await applySamples('canary/shared.yaml');
    await waitForAnswers(client, (tally) => (tally.names['v2'] ?? 0) > 0);
    const { names, statuses } = await send(kubectl, client, `-url=${MY_APP}`, '-count=500');
    console.log(`samples/canary/shared.yaml, 500 requests: ${JSON.stringify(names)}`);
    expect(statuses).toEqual({ 200: 500 });
    // Six standard deviations of a fair draw.
    expect(names['v2']).toBeGreaterThan(50 - 41);
    expect(names['v2']).toBeLessThan(50 + 41);
    await applySamples('canary/stable.yaml');
    await waitForAnswers(client, onlyFrom('v1'), TESTER);
  });

  it('fault-injection: some wait, and some fail', async () => {
    await applySamples('fault-injection/virtual-service.yaml');
    const flags = [`-url=${MY_APP}`, '-rate=100', '-count=400'];
    const tally = await waitFor('faults', async () => {
      const counted = await send(kubectl, client, ...flags);
      return counted.slowestMs >= 2000 && (counted.statuses['503'] ?? 0) > 0 && counted;
    });
    console.log(
      `samples/fault-injection, 400 requests: ${JSON.stringify(tally.statuses)}, ${tally.slowestMs} ms at most`,
    );
    expect(tally.statuses['503']).toBeLessThan(60);
    expect(tally.medianMs).toBeLessThan(1000);
  });

  it('mirroring: v2 gets a copy, and v1 answers', async () => {
    const second = await waitForPods(kubectl, 'my-app', { selector: 'version=v2', count: 1 });
    const count = async (): Promise<number> => {
      const text = await run(kubectl, second[0]!, 'get', '-url=http://127.0.0.1:8080/counts');
      return Object.values(JSON.parse(text) as Record<string, number>).reduce((sum, one) => sum + one, 0);
    };
    await applySamples('canary/destination-rule.yaml', 'mirroring/virtual-service.yaml');
    const before = await count();
    await waitForAnswers(client, onlyFrom('v1'));
    await waitFor('requests to be mirrored', async () => {
      await waitForAnswers(client, onlyFrom('v1'));
      return (await count()) >= before + 10;
    });
  });

  it('mtls: what has no proxy is shut out', async () => {
    await waitForAnswers(outsider, allOf(200));
    await applySamples('mtls/my-app.yaml');
    await waitForAnswers(outsider, allReset);
    await waitForAnswers(client, allOf(200));
  });

  it('authorization: nobody, then by namespace, account and header', async () => {
    await applySamples('authorization/deny-all.yaml');
    await waitForAnswers(client, allOf(403));
    // The client has an account of its own.
    await applySamples('authorization/account-and-method.yaml', 'authorization/header.yaml');
    await waitForAnswers(client, allOf(200), '-header=x-api-key=secret');
    await waitForAnswers(client, allOf(403));
    await applySamples('authorization/own-namespace.yaml');
    await waitForAnswers(client, allOf(200));
    await waitForAnswers(outsider, allOf(403));
  });

  it('gateway: in by HTTPS, from HTTP to it, and past a default deny where the gateway is let in', async () => {
    const { certificate, key } = await issueCertificate({
      names: ['app.example.com'],
      now: Date.now(),
      lifetimeMs: DAY_MS,
    });
    await apply(kubectl, {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { namespace: 'istio-system', name: 'my-app-cert' },
      type: 'kubernetes.io/tls',
      stringData: { 'tls.crt': certificate, 'tls.key': key },
    });
    await applySamples('gateway/gateway.yaml', 'gateway/virtual-service.yaml');
    const by = (scheme: string): string[] => [`-url=${scheme}://${DOOR}/`, '-host=app.example.com'];
    await waitForAnswers(outsider, allOf(200), ...by('https'));
    await waitForAnswers(outsider, allOf(301), ...by('http'));
    await applySamples('authorization/deny-all.yaml');
    await waitForAnswers(outsider, allOf(403), ...by('https'));
    await applySamples('authorization/gateway.yaml');
    await waitForAnswers(outsider, allOf(200), ...by('https'));
    await waitForAnswers(client, allOf(403));
  });
}
