import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

import { errorText } from '../src/core/error-text.ts';
import { adminApi, type AdminApi } from './admin-api.ts';
import { cacheDir, ensureBinaries, isRunning, type Progress } from './binaries.ts';
import {
  clientKubeconfig,
  decideArguments,
  decidePaths,
  renderAuditPolicy,
  renderKubeconfig,
  renderNode,
  serverUrl,
  type ClusterPaths,
  type ClusterPorts,
} from './launch-plan.ts';
import { findFreePorts } from './ports.ts';
import { COMPONENTS, ServerProcess, type Component } from './server-process.ts';
import { waitFor } from './wait.ts';

/** What a cluster should be like. */
export interface ClusterOptions {
  /** Number of nodes; 2 unless told. */
  readonly nodes?: number;
  /** An empty or new folder for all its files, kept afterwards; by default a new one in the cache folder. */
  readonly dir?: string;
  /** Hears what happens. */
  readonly onProgress?: Progress;
  /** Whether the API server writes its audit log; on unless told. */
  readonly auditLog?: boolean;
}

/** A running cluster. */
export interface Cluster {
  /** Path of a kubeconfig with all rights. */
  readonly kubeconfig: string;
  readonly server: string;
  /** kubectl of the cluster's own version. */
  readonly kubectl: string;
  readonly dir: string;
  readonly logsDir: string;
  /** One JSON event per answered request; undefined when the audit log is off. */
  readonly auditLogPath: string | undefined;
  /** Process ids of what runs now. */
  readonly pids: readonly number[];
  /** Ends one process at once, as a crash would. */
  kill(component: Component): Promise<void>;
  /** Ends one process, if it runs, and starts it again on the same data and port; then waits for the API server. */
  restart(component: Component): Promise<void>;
  /** Ends everything and deletes the data; the logs stay. */
  stop(): Promise<void>;
}

const KEPT_RUNS = 10;
const CLIENTS: readonly string[] = ['admin', 'kube-controller-manager', 'kube-scheduler', 'kwok'];
let clustersStarted = 0;

/** Starts a cluster and returns when its API server is ready, its nodes too, and namespace `default` can take pods. */
export async function startCluster(options: ClusterOptions = {}): Promise<Cluster> {
  const onProgress = options.onProgress ?? (() => undefined);
  const binaries = await ensureBinaries(onProgress);
  const started = performance.now();
  const paths = decidePaths(options.dir === undefined ? await newRunDir() : resolve(options.dir));
  const files = { paths, audit: options.auditLog ?? true, ownDir: options.dir === undefined };
  for (let attempt = 1; ; attempt += 1) {
    const cluster = new LocalCluster({ ...files, binaries, ports: await choosePorts() });
    try {
      await cluster.start(options.nodes ?? 2, onProgress);
      onProgress(`cluster ready in ${((performance.now() - started) / 1000).toFixed(1)} s`);
      return cluster;
    } catch (error) {
      await cluster.stop();
      const reason = errorText(error);
      if (attempt >= 3 || !reason.includes('address already in use')) {
        throw new Error(`the embedded cluster did not start: ${reason}\nlogs: ${paths.logs}`, { cause: error });
      }
      onProgress('another program took a port: trying again with others');
    }
  }
}

async function choosePorts(): Promise<ClusterPorts> {
  const [etcdClient, etcdPeer, apiserver] = await findFreePorts(3);
  if (etcdClient === undefined || etcdPeer === undefined || apiserver === undefined)
    throw new Error('too few free ports');
  return { etcdClient, etcdPeer, apiserver };
}

/** Makes a folder named after the time and this process, and deletes old ones whose process is gone. */
async function newRunDir(): Promise<string> {
  const root = join(cacheDir(), 'testbed', 'runs');
  await mkdir(root, { recursive: true });
  const dead = (await readdir(root)).sort().filter((name) => !isRunning(Number(name.split('-')[1])));
  for (const name of dead.slice(0, -KEPT_RUNS)) {
    await rm(join(root, name), { recursive: true, force: true });
  }
  clustersStarted += 1;
  const time = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
  return join(root, `${time}-${process.pid}-${clustersStarted}`);
}

interface Setup {
  readonly paths: ClusterPaths;
  readonly ports: ClusterPorts;
  readonly binaries: { readonly cluster: string; readonly kubectl: string };
  readonly audit: boolean;
  readonly ownDir: boolean;
}

class LocalCluster implements Cluster {
  readonly #setup: Setup;
  readonly #processes = new Map<Component, ServerProcess>();
  #api: AdminApi | undefined;

  constructor(setup: Setup) {
    this.#setup = setup;
  }

  get kubeconfig(): string {
    return this.#setup.paths.kubeconfig;
  }

  get server(): string {
    return serverUrl(this.#setup.ports);
  }

  get kubectl(): string {
    return this.#setup.binaries.kubectl;
  }

  get dir(): string {
    return this.#setup.paths.dir;
  }

  get logsDir(): string {
    return this.#setup.paths.logs;
  }

  get auditLogPath(): string | undefined {
    return this.#setup.audit ? this.#setup.paths.auditLog : undefined;
  }

  get pids(): readonly number[] {
    return [...this.#processes.values()].flatMap((process) => process.pid ?? []);
  }

  async start(nodes: number, onProgress: Progress): Promise<void> {
    await this.#writeFiles();
    this.#api = await adminApi(this.server, this.#setup.paths.pki);
    onProgress('starting etcd and kube-apiserver');
    this.#spawn('etcd');
    this.#spawn('kube-apiserver');
    await this.#waitForApiServer();
    onProgress('starting kube-controller-manager, kube-scheduler and kwok');
    const rest = COMPONENTS.filter((component) => !this.#processes.has(component));
    rest.forEach((component) => this.#spawn(component));
    for (let index = 0; index < nodes; index += 1) {
      const answer = await this.#api('POST', '/api/v1/nodes', renderNode(index));
      if (answer.status !== 201) throw new Error(`node ${index + 1} was not created: ${JSON.stringify(answer.body)}`);
    }
    await this.#wait(`${nodes} nodes to be Ready`, () => this.#nodesAreReady(nodes));
    await this.#wait('the ServiceAccount default/default', () =>
      this.#exists('/api/v1/namespaces/default/serviceaccounts/default'),
    );
  }

  async kill(component: Component): Promise<void> {
    await this.#processes.get(component)?.kill();
    this.#processes.delete(component);
  }

  async restart(component: Component): Promise<void> {
    await this.kill(component);
    this.#spawn(component);
    const serving = this.#processes.has('etcd') && this.#processes.has('kube-apiserver');
    if (serving) await this.#waitForApiServer();
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#processes.keys()].map((component) => this.kill(component)));
    const { paths, ownDir } = this.#setup;
    const data = ownDir ? [paths.etcdData, paths.pki, paths.kubeconfig] : [paths.etcdData];
    await Promise.all(data.map((path) => rm(path, { recursive: true, force: true })));
  }

  #spawn(component: Component): void {
    const { paths, ports, binaries, audit } = this.#setup;
    const launch = {
      component,
      binary: binaries.cluster,
      args: decideArguments(component, paths, ports, audit),
      logFile: join(paths.logs, `${component}.log`),
      workDir: paths.dir,
    };
    this.#processes.set(component, new ServerProcess(launch));
  }

  async #writeFiles(): Promise<void> {
    const { paths, binaries } = this.#setup;
    await mkdir(paths.logs, { recursive: true });
    await promisify(execFile)(binaries.cluster, ['init', paths.pki]);
    await writeFile(paths.auditPolicy, renderAuditPolicy());
    const read = (name: string): Promise<Buffer> => readFile(join(paths.pki, name));
    for (const client of CLIENTS) {
      const pem = { ca: await read('ca.crt'), cert: await read(`${client}.crt`), key: await read(`${client}.key`) };
      const path = client === 'admin' ? paths.kubeconfig : clientKubeconfig(paths, client);
      await writeFile(path, renderKubeconfig(this.server, client, pem), { mode: 0o600 });
    }
  }

  async #waitForApiServer(): Promise<void> {
    await this.#wait('the API server to be ready', async () => (await this.#get('/readyz')).status === 200);
  }

  /** As waitFor, but ends with a process's last words when one of them dies. */
  async #wait(description: string, check: () => Promise<boolean>): Promise<void> {
    const died = new AbortController();
    const look = async (): Promise<boolean> => {
      for (const process of this.#processes.values()) {
        const failure = process.failure();
        if (failure !== undefined) died.abort(new Error(failure));
      }
      died.signal.throwIfAborted();
      return check();
    };
    await waitFor(description, look, { timeoutMs: 120_000, signal: died.signal });
  }

  #get(path: string): ReturnType<AdminApi> {
    if (this.#api === undefined) throw new Error('the cluster has not been started');
    return this.#api('GET', path);
  }

  async #exists(path: string): Promise<boolean> {
    return (await this.#get(path)).status === 200;
  }

  /** Ready, and free of the taint that new nodes carry until the node lifecycle controller has seen them. */
  async #nodesAreReady(count: number): Promise<boolean> {
    const list = (await this.#get('/api/v1/nodes')).body as NodeList;
    const ready = list.items.filter((node) => {
      const isReady =
        node.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false;
      return isReady && (node.spec?.taints ?? []).length === 0;
    });
    return ready.length >= count;
  }
}

interface NodeList {
  readonly items: readonly {
    readonly spec?: { readonly taints?: readonly object[] };
    readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
  }[];
}
