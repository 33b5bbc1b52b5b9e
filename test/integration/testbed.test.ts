import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { startCluster, type Cluster } from '../../testbed/cluster.ts';
import { createKubectl } from '../../testbed/kubectl.ts';
import { writeServiceAccountKubeconfig } from '../../testbed/service-account-kubeconfig.ts';
import { waitFor } from '../../testbed/wait.ts';

const run = promisify(execFile);

async function kubectl(cluster: Cluster, ...args: string[]): Promise<string> {
  return (await run(cluster.kubectl, ['--kubeconfig', cluster.kubeconfig, ...args])).stdout;
}

/** The processes among `pids` that run; one that has ended and waits to be reaped does not. */
async function running(pids: readonly number[]): Promise<number[]> {
  const { stdout } = await run('ps', ['-A', '-o', 'pid=,stat=']);
  const alive = stdout
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, stat]) => !stat?.startsWith('Z'))
    .map(([pid]) => Number(pid));
  return pids.filter((pid) => alive.includes(pid));
}

async function noneRunning(pids: readonly number[]): Promise<boolean> {
  return (await running(pids)).length === 0;
}

describe('the embedded cluster', () => {
  let cluster: Cluster;
  let other: Cluster;

  // Both at once: their ports and folders must not collide.
  beforeAll(async () => {
    [cluster, other] = await Promise.all([startCluster(), startCluster({ nodes: 3, auditLog: false })]);
  });
  afterAll(async () => {
    const started: readonly (Cluster | undefined)[] = [cluster, other];
    for (const each of started) await each?.stop();
  });

  it('runs two clusters that know nothing of each other', async () => {
    expect(other.server).not.toBe(cluster.server);
    await kubectl(cluster, 'create', 'namespace', 'only-here');
    await expect(kubectl(other, 'get', 'namespace', 'only-here')).rejects.toThrow('not found');
    expect((await kubectl(cluster, 'get', 'nodes', '-o', 'name')).trim().split('\n')).toHaveLength(2);
    expect((await kubectl(other, 'get', 'nodes', '-o', 'name')).trim().split('\n')).toHaveLength(3);
    expect(other.auditLogPath).toBeUndefined();
  });

  it('says which Kubernetes it is', async () => {
    const version = JSON.parse(await kubectl(cluster, 'version', '-o', 'json')) as {
      serverVersion: { gitVersion: string };
    };
    expect(version.serverVersion.gitVersion).toBe('v1.36.3');
  });

  it('schedules the pods of a Deployment, makes them Ready, and deletes them with it', async () => {
    await kubectl(cluster, 'create', 'deployment', 'web', '--image=example.invalid/web', '--replicas=3');
    await kubectl(cluster, 'wait', '--for=condition=Available', 'deployment/web', '--timeout=30s');
    const nodes = await kubectl(cluster, 'get', 'pods', '-l', 'app=web', '-o', 'jsonpath={.items[*].spec.nodeName}');
    expect(new Set(nodes.split(' '))).toEqual(new Set(['node-1', 'node-2']));
    await kubectl(cluster, 'delete', 'deployment', 'web');
    await waitFor(
      'the pods to be gone',
      async () => (await kubectl(cluster, 'get', 'pods', '-l', 'app=web', '-o', 'name')) === '',
    );
  });

  it('gives a ServiceAccount exactly the rights that are bound to it, and logs its requests', async () => {
    await kubectl(cluster, 'create', 'serviceaccount', 'reader');
    const path = join(cluster.dir, 'reader.kubeconfig');
    const { kubectl: binary, kubeconfig } = cluster;
    await writeServiceAccountKubeconfig(createKubectl(binary, kubeconfig), {
      namespace: 'default',
      name: 'reader',
      path,
    });
    const asReader = (...args: string[]): Promise<unknown> => run(binary, ['--kubeconfig', path, ...args]);
    await expect(asReader('get', 'configmaps')).rejects.toThrow(
      '"system:serviceaccount:default:reader" cannot list resource "configmaps"',
    );

    await kubectl(cluster, 'create', 'rolebinding', 'reader', '--clusterrole=view', '--serviceaccount=default:reader');
    await waitFor('the binding to act', () => asReader('get', 'configmaps'));
    await expect(asReader('create', 'configmap', 'x')).rejects.toThrow('forbidden');

    const events = (await readFile(cluster.auditLogPath ?? '', 'utf8'))
      .trim()
      .split('\n')
      .map(
        (line) => JSON.parse(line) as { verb: string; user: { username: string }; responseStatus?: { code: number } },
      );
    const byReader = events.filter(({ user }) => user.username === 'system:serviceaccount:default:reader');
    expect(byReader.map(({ verb, responseStatus }) => `${verb} ${responseStatus?.code ?? 0}`)).toEqual(
      expect.arrayContaining(['list 403', 'list 200', 'create 403']),
    );
  });

  it('comes back with its data when the API server and etcd were killed', async () => {
    await kubectl(cluster, 'create', 'configmap', 'kept');
    await cluster.kill('kube-apiserver');
    await expect(kubectl(cluster, 'get', 'configmap', 'kept')).rejects.toThrow();
    await cluster.kill('etcd');
    await cluster.restart('etcd');
    await cluster.restart('kube-apiserver');
    expect(await kubectl(cluster, 'get', 'configmap', 'kept', '-o', 'name')).toBe('configmap/kept\n');
    await kubectl(cluster, 'create', 'deployment', 'after', '--image=example.invalid/web');
    await kubectl(cluster, 'wait', '--for=condition=Available', 'deployment/after', '--timeout=60s');
  });
});

describe('a cluster that cannot start', () => {
  it('says which process failed, why, and where the logs are, and leaves nothing running', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'sailwright-'));
    try {
      await writeFile(join(dir, 'etcd'), 'a file where etcd wants its folder');
      const before = performance.now();
      const message = await startCluster({ dir }).then(
        () => 'it started',
        (error: Error) => error.message,
      );
      expect(message).toMatch(/^the embedded cluster did not start: etcd exited with code \d+:\n/);
      expect(message).toContain(`logs: ${join(dir, 'logs')}`);
      expect(performance.now() - before).toBeLessThan(20_000);
    } finally {
      await rm(dir, { recursive: true, force: true });
    }
  });
});

describe('the end of the embedded cluster', () => {
  it('leaves no process after stop(), and keeps the logs', async () => {
    const cluster = await startCluster();
    const pids = cluster.pids;
    expect(await running(pids)).toHaveLength(5);
    await cluster.stop();
    expect(await running(pids)).toEqual([]);
    expect(await readFile(join(cluster.logsDir, 'kube-apiserver.log'), 'utf8')).not.toBe('');
  });

  it.each(['SIGKILL', 'SIGTERM', 'SIGINT'] as const)('leaves no process when its parent ends by %s', async (signal) => {
    const { parent, pids } = await startElsewhere();
    expect(await running(pids)).toHaveLength(5);
    parent.kill(signal);
    await waitFor('the processes of the cluster to end', () => noneRunning(pids), { timeoutMs: 5_000 });
  });

  it('leaves no process when its parent just returns', async () => {
    const { parent, pids } = await startElsewhere('');
    await waitFor('the parent to end', () => parent.exitCode !== null || parent.signalCode !== null);
    expect(parent.exitCode).toBe(0);
    await waitFor('the processes of the cluster to end', () => noneRunning(pids), { timeoutMs: 5_000 });
  });
});

/** Starts a cluster in a process of its own, which then holds on. */
async function startElsewhere(
  afterwards = 'setInterval(() => {}, 60000);',
): Promise<{ parent: ChildProcess; pids: number[] }> {
  const module = JSON.stringify(new URL('../../testbed/cluster.ts', import.meta.url).href);
  const script = `const { startCluster } = await import(${module});
    console.log(JSON.stringify((await startCluster()).pids)); ${afterwards}`;
  const parent = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: parent.stdout })) {
    return { parent, pids: JSON.parse(line) as number[] };
  }
  throw new Error('the process ended before its cluster was ready');
}
