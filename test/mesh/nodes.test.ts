// Real nodes: their pods run, find and reach each other, and nothing of them gets out or stays.
import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { startCluster, type RealCluster } from '../../testbed/cluster.ts';
import { TRAFFIC_IMAGE } from '../../testbed/images/traffic-images.ts';
import { createKubectl, type Kubectl } from '../../testbed/kubectl.ts';
import { waitForPods, type Pod } from '../../testbed/mesh/pods.ts';
import { PATIENT_KUBECTL, PATIENTLY, waitFor } from '../../testbed/wait.ts';
import { findCgroups, findMounts, findRemains, readTree, type ProcessTree } from './support/host-traces.ts';
import { MISSING } from './support/missing.ts';

const ROOT = join(import.meta.dirname, '../..');
const NODE_PORT = 30080;
/** Addresses for documentation: nobody has them. */
const OUTSIDE = '198.51.100.7';

const DEPLOYMENT = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'default' },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: 'web' } },
    template: {
      metadata: { labels: { app: 'web' } },
      spec: {
        topologySpreadConstraints: [
          {
            maxSkew: 1,
            topologyKey: 'kubernetes.io/hostname',
            whenUnsatisfiable: 'DoNotSchedule',
            labelSelector: { matchLabels: { app: 'web' } },
          },
        ],
        containers: [
          {
            name: 'web',
            image: TRAFFIC_IMAGE,
            args: ['serve'],
            readinessProbe: { httpGet: { port: 8080, path: '/healthz' }, periodSeconds: 1 },
          },
        ],
      },
    },
  },
};

const service = (name: string, spec: object): object => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: 'default' },
  spec: { selector: { app: 'web' }, ports: [{ name: 'http', port: 80, targetPort: 8080, ...spec }] },
});

const OBJECTS = [
  DEPLOYMENT,
  service('web', {}),
  { ...service('pods', {}), spec: { clusterIP: 'None', selector: { app: 'web' }, ports: [{ port: 8080 }] } },
  {
    ...service('doors', {}),
    spec: { type: 'NodePort', selector: { app: 'web' }, ports: [{ port: 8080, nodePort: NODE_PORT }] },
  },
  { ...service('elsewhere', {}), spec: { type: 'ExternalName', externalName: 'example.com' } },
];

interface Tally {
  readonly requests: number;
  readonly failed: number;
  readonly pods: Readonly<Record<string, number>>;
  readonly errors: Readonly<Record<string, number>> | null;
}

/** Names of the links that /proc/net/dev shows to somebody. */
function namesOfLinks(table: string): string[] {
  return [...table.matchAll(/^ *([\w@.-]+):/gm)].map(([, name]) => name ?? '').sort();
}

describe.skipIf(MISSING.length > 0)('a cluster with real nodes', () => {
  let cluster: RealCluster;
  let kubectl: Kubectl;
  let pods: Pod[];
  let linksBefore: string[];
  const say = (line: string): void => void process.stderr.write(`  ${line}\n`);

  /** What a pod gets for requests to a URL, each over a connection of its own. */
  const load = async (pod: Pod | undefined, url: string, count = 1): Promise<Tally> => {
    const command = ['/testbed-traffic', 'load', '-close', '-url', url, '-count', String(count)];
    return JSON.parse(await kubectl(['exec', pod?.metadata.name ?? '', '--', ...command])) as Tally;
  };

  beforeAll(async () => {
    linksBefore = namesOfLinks(await readFile('/proc/net/dev', 'utf8'));
    cluster = await startCluster({ nodes: { real: 2 }, onProgress: say });
    kubectl = createKubectl(cluster.kubectl, cluster.kubeconfig);
    for (const object of OBJECTS) await kubectl(['apply', '-f', '-'], JSON.stringify(object));
    pods = await waitForPods(kubectl, 'default', { selector: 'app=web', count: 2 });
    // kube-proxy follows a moment after the second pod is ready.
    await waitFor('the Service to lead to both', async () => {
      return Object.keys((await load(pods[0], 'http://web/', 40)).pods).length === 2;
    });
  });
  afterAll(() => cluster?.stop());

  it('runs pods on both, which reach each other at their own addresses', async () => {
    expect(new Set(pods.map(({ spec }) => spec.nodeName))).toEqual(new Set(['node-1', 'node-2']));
    for (const [from, to] of [pods, [...pods].reverse()]) {
      const tally = await load(from, `http://${to?.status.podIP}:8080/`, 5);
      expect(tally).toMatchObject({ failed: 0, pods: { [to?.metadata.name ?? '']: 5 } });
    }
  });

  it.each(['web', 'web.default', 'web.default.svc.cluster.local', 'WEB.default.svc'])(
    'resolves the Service %s, and spreads its connections over both nodes',
    async (name) => {
      const tally = await load(pods[0], `http://${name}/`, 40);
      expect(tally).toMatchObject({ requests: 40, failed: 0 });
      expect(new Set(Object.keys(tally.pods))).toEqual(new Set(pods.map(({ metadata }) => metadata.name)));
    },
  );

  it('resolves a headless Service to its pods', async () => {
    expect(await load(pods[1], 'http://pods:8080/', 3)).toMatchObject({ failed: 0 });
  });

  it('answers other kinds of records as a cluster does', async () => {
    const script = `
      const { Resolver } = require('node:dns').promises;
      const resolver = new Resolver();
      resolver.setServers(['10.10.0.1']);
      const code = (error) => error.code;
      Promise.all([
        resolver.resolveSrv('_http._tcp.web.default.svc.cluster.local'),
        resolver.resolve4('pods.default.svc.cluster.local'),
        resolver.resolveCname('elsewhere.default.svc.cluster.local'),
        resolver.resolve6('web.default.svc.cluster.local').catch(code),
        resolver.resolve4('_https._tcp.web.default.svc.cluster.local').catch(code),
      ]).then((all) => console.log(JSON.stringify(all)))`;
    const { stdout } = await cluster.fabric.exec(process.execPath, ['-e', script]);
    const [ports, addresses, ...others] = JSON.parse(stdout) as [object[], string[], ...unknown[]];
    expect(ports).toMatchObject([{ name: 'web.default.svc.cluster.local', port: 80 }]);
    expect(addresses.sort()).toEqual(pods.map(({ status }) => status.podIP).sort());
    expect(others).toEqual([['example.com'], 'ENODATA', 'ENOTFOUND']);
  });

  it('gives Services of type LoadBalancer an address that answers, and takes it back', async () => {
    const given = async (): Promise<string> =>
      kubectl(['get', 'service', 'doors', '-o', 'jsonpath={.status.loadBalancer.ingress[*].ip}']);
    const turn = (type: string): Promise<string> =>
      kubectl(['patch', 'service', 'doors', '-p', JSON.stringify({ spec: { type } })]);
    await turn('LoadBalancer');
    const address = await waitFor('an address', given);
    expect(address).toMatch(/^10\.97\.0\.\d+$/);
    const port = await cluster.fabric.forward(`${address}:8080`);
    await waitFor('an answer', async () => (await fetch(`http://127.0.0.1:${port}/`)).status === 200);
    await turn('NodePort');
    await waitFor('no address', async () => (await given()) === '');
  });

  it.each(['missing', 'web.missing', 'example.com'])('knows no %s', async (name) => {
    const { errors } = await load(pods[0], `http://${name}/`);
    expect(JSON.stringify(errors)).toMatch(/no such host/);
  });

  it('serves a NodePort on every node', async () => {
    for (const { address } of cluster.nodes) {
      const port = await cluster.fabric.forward(`${address}:${NODE_PORT}`);
      expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(200);
    }
  });

  it('shows logs, and says what a container is not', async () => {
    await kubectl(['run', 'broken', `--image=${TRAFFIC_IMAGE}`, '--restart=Never', '--', 'no-such-command']);
    await kubectl(['wait', 'pod/broken', '--for=jsonpath={.status.phase}=Failed', PATIENT_KUBECTL]);
    expect(await kubectl(['logs', 'broken'])).toContain('usage: testbed-traffic');
    await kubectl(['delete', 'pod', 'broken', '--wait=false']);
  });

  it('lets no packet out: no link leads to this machine, and other addresses are unreachable', async () => {
    expect(namesOfLinks(await readFile('/proc/net/dev', 'utf8'))).toEqual(linksBefore);
    const inside = await cluster.fabric.exec('cat', ['/proc/net/dev']);
    expect(namesOfLinks(inside.stdout)).toEqual(['fabric', 'lo', 'node-1', 'node-2']);
    const { errors } = await load(pods[0], `http://${OUTSIDE}/`);
    expect(JSON.stringify(errors)).toMatch(/no route to host|network is unreachable/);
    const { stdout: routes } = await cluster.fabric.exec('cat', ['/proc/net/route']);
    // Destination 0.0.0.0 over a link; what is unreachable has none.
    expect(routes.split('\n').filter((line) => /^[^*\s]+\t00000000\t/.test(line))).toEqual([]);
  });

  it('notices a node that is killed, and takes it back with its pods when it starts again', async () => {
    const [node] = cluster.nodes;
    const readiness = (): Promise<string> =>
      kubectl(['get', 'node', node?.name ?? '', '-o', 'jsonpath={.status.conditions[?(@.type=="Ready")].status}']);
    await node?.kill();
    expect(node?.isRunning).toBe(false);
    await waitFor('the node to be missed', async () => (await readiness()) !== 'True', PATIENTLY);
    const survivor = pods.find(({ spec }) => spec.nodeName !== node?.name);
    await waitFor('the Service to leave out its pod', async () => {
      const { pods: answered } = await load(survivor, 'http://web/', 10);
      return Object.keys(answered).length === 1;
    });
    await node?.restart();
    await waitFor('the node to be back', async () => (await readiness()) === 'True', PATIENTLY);
    await waitFor(
      'both pods to answer',
      async () => Object.keys((await load(survivor, 'http://web/', 20)).pods).length === 2,
      PATIENTLY,
    );
  });

  it.each([
    ['is not there', undefined, /there is no image archive .*app\.tar/],
    ['is none', 'no archive', /unpacking images .*import-1 failed/s],
  ])('names an image archive that %s', async (_, content, message) => {
    const folder = await mkdtemp(join(tmpdir(), 'sailwright-mesh-'));
    const archive = join(folder, 'app.tar');
    try {
      if (content !== undefined) await writeFile(archive, content);
      await expect(startCluster({ nodes: { real: 1, images: [archive] } })).rejects.toThrow(message);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it('leaves nothing when what started it is killed, and a cluster beside it undisturbed', async () => {
    const { folder, tree } = await startOther();
    process.kill(tree.root, 'SIGKILL');
    await waitUntilGone(tree);
    expect(await findCgroups(basename(folder))).toEqual([]);
    expect(await findMounts(folder)).toEqual([]);
    for (const node of await readdir(join(folder, 'nodes'))) {
      expect(await readdir(join(folder, 'nodes', node))).toEqual(['machine.json']);
    }
    expect(await load(pods[1], 'http://web/', 5)).toMatchObject({ failed: 0 });
  });

  it('ends with the keepers of its nodes as well, and the next cluster removes what they could not', async () => {
    const { folder, tree } = await startOther();
    for (const { pid } of tree.outside) process.kill(pid, 'SIGKILL');
    await waitUntilGone(tree);
    expect(await findCgroups(basename(folder))).not.toEqual([]);
    const next = await startCluster({ nodes: { real: 1 } });
    await next.stop();
    expect(await findCgroups(basename(folder))).toEqual([]);
  });
});

/** A cluster of another process: its folder, and its processes. */
async function startOther(): Promise<{ folder: string; tree: ProcessTree }> {
  const other = spawn(process.execPath, ['testbed/up.ts', '--nodes', 'real:1'], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const kubeconfig = await new Promise<string>((resolve, reject) => {
    createInterface({ input: other.stdout }).once('line', resolve);
    other.once('exit', (code) => reject(new Error(`the second cluster ended with code ${code}`)));
  });
  const folder = dirname(kubeconfig);
  const tree = await readTree(other.pid ?? -1);
  expect(tree.processes.length).toBeGreaterThan(8);
  expect(tree.namespaces.length).toBeGreaterThanOrEqual(7);
  expect(await findCgroups(basename(folder))).not.toEqual([]);
  return { folder, tree };
}

async function waitUntilGone(tree: ProcessTree): Promise<void> {
  await waitFor('the processes and namespaces to go', async () => {
    const remains = await findRemains(tree);
    if (remains.length > 0) throw new Error(`there are still ${remains.join(', ')}`);
    return true;
  });
}
