// What `sailwright authn tls-check` says, against what requests do: servers' modes times clients' DestinationRules.
import { afterAll, beforeAll, expect, it } from 'vitest';

import type { Kubectl } from '../../../testbed/kubectl.ts';
import type { Pod } from '../../../testbed/mesh/pods.ts';
import type { RealEnvironment } from '../../../testbed/mesh/real-cluster.ts';
import { apply, createNamespace, deleteNamespaces, deployAll, send } from '../../../testbed/mesh/workloads.ts';
import { PATIENTLY, waitFor } from '../../../testbed/wait.ts';
import { runSailwright } from '../../builders/run-sailwright.ts';
import { installSharedMesh } from '../support/shared-mesh.ts';

const SPACE = 'tls-matrix';
/** Where the namespace itself says DISABLE. */
const OFF = 'tls-off';
const PORT = 8080;

/** Servers by name, and what is said of them: a PeerAuthentication for each. */
const SERVERS: Readonly<Record<string, object | undefined>> = {
  bare: undefined,
  permissive: { mtls: { mode: 'PERMISSIVE' } },
  strict: { mtls: { mode: 'STRICT' } },
  disabled: { mtls: { mode: 'DISABLE' } },
  open: { mtls: { mode: 'STRICT' }, portLevelMtls: { [PORT]: { mode: 'PERMISSIVE' } } },
  closed: { mtls: { mode: 'PERMISSIVE' }, portLevelMtls: { [PORT]: { mode: 'STRICT' } } },
};
const RULES = ['none', 'DISABLE', 'SIMPLE', 'ISTIO_MUTUAL'] as const;

interface Check {
  host: string;
  status: string;
}

/** Requests in the mesh, and what is foretold of them. */
export function tlsCheckCases(here: () => RealEnvironment): void {
  let kubectl: Kubectl;
  let client: Pod;
  let outsider: Pod;

  beforeAll(async () => {
    ({ kubectl } = here());
    await installSharedMesh(here());
    for (const name of [SPACE, OFF]) await createNamespace(kubectl, name, { 'istio-injection': 'enabled' });
    const withoutSidecar = { labels: { 'sidecar.istio.io/inject': 'false' } };
    const [[first], [second]] = (await deployAll(
      kubectl,
      { namespace: SPACE, name: 'client' },
      { namespace: SPACE, name: 'outsider', ...withoutSidecar },
      { namespace: OFF, name: 'inner' },
      ...Object.entries(SERVERS).map(([name, mode]) => ({ namespace: SPACE, name, ...(mode ? {} : withoutSidecar) })),
    )) as [[Pod], [Pod]];
    [client, outsider] = [first, second];
    await apply(
      kubectl,
      ...policies(),
      ...Object.keys(SERVERS).flatMap((server) => RULES.flatMap((rule) => pair(server, rule))),
    );
  }, 150_000);
  afterAll(() => deleteNamespaces(kubectl, SPACE, OFF));

  const foretell = async (pod: Pod): Promise<Map<string, string>> => {
    const { name, namespace } = pod.metadata;
    const { kubeconfig } = here().cluster;
    const args = ['authn', 'tls-check', `${name}.${namespace}`, '-o', 'json', '--kubeconfig', kubeconfig];
    const { out, err } = await runSailwright(args);
    expect(err).toBe('');
    const { checks } = JSON.parse(out) as { checks: Check[] };
    return new Map(checks.map(({ host, status }) => [host.split('.').slice(0, 2).join('.'), status]));
  };
  /** The echo service speaks no TLS: what depends on that fails. */
  const isForetold = async (pod: Pod, host: string, status = ''): Promise<boolean> => {
    const { statuses, requests } = await send(kubectl, pod, `-url=http://${host}:${PORT}/`, '-count=3', '-close');
    return status === 'OK' ? statuses['200'] === requests : statuses['200'] === undefined;
  };
  /** Settings reach proxies when they do; from then on each request goes as it was foretold. */
  const expectForetold = async (pod: Pod, hosts: readonly string[]): Promise<Map<string, string>> => {
    const foretold = await foretell(pod);
    const findWrong = async (asked: readonly string[]): Promise<string[]> => {
      const right = await Promise.all(asked.map((host) => isForetold(pod, host, foretold.get(host))));
      return asked.filter((_, index) => !right[index]);
    };
    let wrong = hosts;
    await waitFor(
      'requests to go as it was foretold',
      async () => {
        wrong = await findWrong(wrong);
        if (wrong.length === 0) return true;
        throw new Error(wrong.map((host) => `${host} is not ${foretold.get(host)}`).join(', '));
      },
      PATIENTLY,
    );
    // Not by a state in between.
    expect(await findWrong(hosts)).toEqual([]);
    return foretold;
  };

  it('goes for each mode of servers with each DestinationRule as tls-check says', async () => {
    const hosts = Object.keys(SERVERS).flatMap((server) => RULES.map((rule) => hostOf(server, rule)));
    const foretold = await expectForetold(client, hosts);
    const said = new Set(hosts.map((host) => foretold.get(host)));
    expect(said).toEqual(new Set(['OK', 'CONFLICT', 'DEPENDS']));
    console.log(
      Object.keys(SERVERS)
        .map(
          (server) => `${server}: ${RULES.map((rule) => `${rule} ${foretold.get(hostOf(server, rule))}`).join(', ')}`,
        )
        .join('\n'),
    );
  }, 90_000);

  it('goes from a pod without a sidecar as tls-check says', async () => {
    const hosts = [...Object.keys(SERVERS).map((server) => hostOf(server, 'none')), `inner.${OFF}`];
    await expectForetold(outsider, hosts);
  }, 60_000);

  it('goes as tls-check says where the namespace decides, and to pods by their own addresses', async () => {
    const foretold = await expectForetold(client, [
      `inner.${OFF}`,
      `direct-disabled.${SPACE}`,
      `direct-strict.${SPACE}`,
    ]);
    expect(foretold.get(`inner.${OFF}`)).toBe('CONFLICT');
  }, 60_000);
}

function hostOf(server: string, rule: string): string {
  return `${server}-${rule.toLowerCase().replace('_', '-')}.${SPACE}`;
}

function policies(): object[] {
  const policy = (namespace: string, name: string, spec: object): object => ({
    apiVersion: 'security.istio.io/v1',
    kind: 'PeerAuthentication',
    metadata: { namespace, name },
    spec,
  });
  const forWorkload = (namespace: string, name: string, spec: object): object =>
    policy(namespace, name, { selector: { matchLabels: { app: name } }, ...spec });
  return [
    ...Object.entries(SERVERS).flatMap(([name, spec]) => (spec ? [forWorkload(SPACE, name, spec)] : [])),
    policy(OFF, 'default', { mtls: { mode: 'DISABLE' } }),
    forWorkload(OFF, 'inner', { mtls: { mode: 'STRICT' } }),
    ...['disabled', 'strict'].map((server) => service(`direct-${server}`, server, { clusterIP: 'None' })),
  ];
}

/** A service of the server, and the rule for it. */
function pair(server: string, rule: (typeof RULES)[number]): object[] {
  const [name = ''] = hostOf(server, rule).split('.');
  const spec = { host: name, trafficPolicy: { tls: { mode: rule } } };
  const metadata = { namespace: SPACE, name };
  const destinationRule = { apiVersion: 'networking.istio.io/v1', kind: 'DestinationRule', metadata, spec };
  return [service(name, server), ...(rule === 'none' ? [] : [destinationRule])];
}

function service(name: string, app: string, spec: object = {}): object {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { namespace: SPACE, name },
    spec: { selector: { app }, ports: [{ name: 'http-echo', port: PORT }], ...spec },
  };
}
