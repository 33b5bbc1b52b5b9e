// The mesh's edges, as clients on both sides see them: HTTPS from outside, and what is let out.
import { afterAll, beforeAll, expect, it } from 'vitest';

import type { Kubectl } from '../../../testbed/kubectl.ts';
import { PATIENTLY, waitFor } from '../../../testbed/wait.ts';
import { issueCertificate, type IssuedCertificate } from '../../../src/webhooks/certificates/issue-certificate.ts';
import { entranceTo } from '../support/entrance.ts';
import { installSharedMesh } from '../support/shared-mesh.ts';
import type { Pod } from '../../../testbed/mesh/pods.ts';
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

const DOOR = 'istio-ingressgateway.istio-system';
const EXIT = 'istio-egressgateway.istio-system.svc.cluster.local';
const IDENTITY_OF_DOOR = 'spiffe://cluster.local/ns/istio-system/sa/istio-ingressgateway-service-account';
const DAY_MS = 86_400_000;

/** What comes in and goes out of namespace `edges`. */
export function gatewayCases(here: () => RealEnvironment): void {
  let kubectl: Kubectl;
  let client: Pod;
  let outsider: Pod;

  beforeAll(async () => {
    ({ kubectl } = here());
    await installSharedMesh(here());
    await createNamespace(kubectl, 'edges', { 'istio-injection': 'enabled' });
    await createNamespace(kubectl, 'edges-outside');
    const pods = await Promise.all([
      deploy(kubectl, { namespace: 'edges', name: 'client' }),
      deploy(kubectl, { namespace: 'edges', name: 'backend' }),
      deploy(kubectl, { namespace: 'edges-outside', name: 'outsider' }),
    ]);
    [client, outsider] = [pods[0][0]!, pods[2][0]!];
  });
  afterAll(() => deleteNamespaces(kubectl, 'edges', 'edges-outside'));

  /** Asks until what comes back is as it should be: settings reach proxies when they do. */
  const waitForAnswers = (from: Pod, isRight: (tally: Tally) => boolean, ...flags: string[]): Promise<Tally> =>
    waitFor(
      `answers to ${flags.join(' ')}`,
      async () => {
        const tally = await send(kubectl, from, '-count=20', '-close', ...flags);
        if (isRight(tally)) return tally;
        throw new Error(JSON.stringify(tally));
      },
      PATIENTLY,
    );
  const allOf = (status: number) => (tally: Tally) => tally.statuses[status] === tally.requests;

  const keepCertificate = ({ certificate, key }: IssuedCertificate): Promise<string> =>
    apply(kubectl, {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { namespace: 'istio-system', name: 'door-certificate' },
      type: 'kubernetes.io/tls',
      stringData: { 'tls.crt': certificate, 'tls.key': key },
    });
  const lookAtDoor = async (name: string): Promise<{ names: string[]; issuer: string }> => {
    const flags = [`-address=${DOOR}:443`, `-server-name=${name}`, '-protocol=h2'];
    return JSON.parse(await run(kubectl, outsider, 'look', ...flags)) as { names: string[]; issuer: string };
  };

  it('clients come in by HTTPS, with the certificate of a Secret, also of a new one', async () => {
    const now = Date.now();
    await keepCertificate(
      await issueCertificate({ names: ['edges.example'], now: now - DAY_MS, lifetimeMs: 2 * DAY_MS }),
    );
    await apply(kubectl, ...entranceTo('edges', { host: 'backend' }, { server: BY_HTTPS }));
    const flags = [`-url=https://${DOOR}/`, '-host=edges.example'];
    const tally = await waitForAnswers(outsider, allOf(200), ...flags);
    expect(tally.names).toEqual({ backend: 20 });
    expect(tally.identities).toEqual({ [IDENTITY_OF_DOOR]: 20 });
    const first = await lookAtDoor('edges.example');
    expect(first.names).toEqual(['edges.example']);
    // No certificate is shown to those who ask for another name.
    await expect(lookAtDoor('other.example')).rejects.toThrow();

    await keepCertificate(await issueCertificate({ names: ['edges.example'], now, lifetimeMs: DAY_MS }));
    await waitFor('the new certificate', async () => (await lookAtDoor('edges.example')).issuer !== first.issuer);
    expect((await send(kubectl, outsider, '-count=20', '-close', ...flags)).statuses).toEqual({ 200: 20 });
  });

  it('clients reach only those outside whom a ServiceEntry names, and by the egress gateway where told to', async () => {
    const flags = [`-url=http://${outsider.status.podIP}:8080/`, '-host=outside.example'];
    const countHosts = async (): Promise<Record<string, number>> =>
      JSON.parse(await run(kubectl, outsider, 'get', '-url=http://127.0.0.1:8080/counts')) as Record<string, number>;
    // Nobody there has heard of it before.
    expect((await waitForAnswers(client, allOf(502), ...flags)).names).toEqual({});
    expect(await countHosts()).not.toHaveProperty('outside.example');

    await apply(kubectl, outside(outsider.status.podIP ?? ''));
    const direct = await waitForAnswers(client, allOf(200), ...flags);
    expect(direct.names).toEqual({ outsider: 20 });

    await apply(kubectl, ...BY_EXIT);
    await waitFor('requests to come by the gateway', async () => {
      await send(kubectl, client, '-count=1', ...flags);
      return ((await countHosts())['by-exit.example'] ?? 0) > 0;
    });
    const before = await countHosts();
    expect((await send(kubectl, client, '-count=100', ...flags)).statuses).toEqual({ 200: 100 });
    const after = await countHosts();
    expect(after['by-exit.example']).toBe((before['by-exit.example'] ?? 0) + 100);
    expect(after['outside.example']).toBe(before['outside.example']);

    await kubectl(['-n', 'edges', 'delete', 'serviceentry', 'outside']);
    await waitForAnswers(client, ({ statuses }) => statuses['200'] === undefined, ...flags);
  });
}

const BY_HTTPS = {
  port: { number: 443, name: 'https', protocol: 'HTTPS' },
  tls: { mode: 'SIMPLE', credentialName: 'door-certificate' },
};

/** A service outside of the mesh, which no name of the cluster leads to. */
function outside(address: string): object {
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'ServiceEntry',
    metadata: { namespace: 'edges', name: 'outside' },
    spec: {
      hosts: ['outside.example'],
      location: 'MESH_EXTERNAL',
      resolution: 'STATIC',
      ports: [{ number: 8080, name: 'http', protocol: 'HTTP' }],
      endpoints: [{ address }],
    },
  };
}

/** The proxies send what is for outside to the egress gateway, and only that one sends it out, under another name. */
const BY_EXIT = [
  {
    apiVersion: 'networking.istio.io/v1',
    kind: 'Gateway',
    metadata: { namespace: 'edges', name: 'exit' },
    spec: {
      selector: { istio: 'egressgateway' },
      servers: [{ port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: ['outside.example'] }],
    },
  },
  {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: { namespace: 'edges', name: 'exit' },
    spec: {
      hosts: ['outside.example'],
      gateways: ['mesh', 'exit'],
      http: [
        {
          match: [{ gateways: ['mesh'], port: 8080 }],
          route: [{ destination: { host: EXIT, port: { number: 80 } } }],
        },
        {
          match: [{ gateways: ['exit'], port: 80 }],
          rewrite: { authority: 'by-exit.example' },
          route: [{ destination: { host: 'outside.example', port: { number: 8080 } } }],
        },
      ],
    },
  },
];
