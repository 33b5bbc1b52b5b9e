import { execFile } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { adminApi, type AdminApi } from './admin-api.ts';
import type { Binaries } from './binaries.ts';
import type { Progress } from './build-progress.ts';
import type { Cluster } from './cluster.ts';
import {
  clientKubeconfig,
  decideArguments,
  renderAuditPolicy,
  renderKubeconfig,
  serverUrl,
  type ClusterPaths,
  type Component,
} from './launch-plan.ts';
import { ServerProcess } from './server-process.ts';
import type { Site } from './site.ts';
import { waitFor } from './wait.ts';

/** What a cluster is made of. */
export interface ClusterSetup {
  readonly paths: ClusterPaths;
  readonly binaries: Binaries;
  readonly site: Site;
  readonly audit: boolean;
  /** Whether the folder is ours to clear. */
  readonly ownDir: boolean;
  /** Ends all waiting. */
  readonly signal?: AbortSignal;
}

const CLIENTS: readonly string[] = ['kube-controller-manager', 'kube-scheduler', 'kwok', 'addons'];

/** A cluster whose control plane is processes of this machine. */
export class LocalCluster implements Cluster {
  readonly #setup: ClusterSetup;
  readonly #processes = new Map<Component, ServerProcess>();
  #api: AdminApi | undefined;

  constructor(setup: ClusterSetup) {
    this.#setup = setup;
  }

  get kubeconfig(): string {
    return this.#setup.paths.kubeconfig;
  }

  get server(): string {
    return this.#setup.site.server;
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

  async start(onProgress: Progress): Promise<void> {
    const { paths, site } = this.#setup;
    await this.#writeFiles();
    const api = await adminApi(this.server, paths.pki);
    this.#api = api;
    const [etcd, apiserver, ...rest] = site.components as [Component, Component, ...Component[]];
    onProgress(`starting ${etcd} and ${apiserver}`);
    this.#spawn(etcd);
    this.#spawn(apiserver);
    await this.#waitForApiServer();
    onProgress(`starting ${rest.slice(0, -1).join(', ')} and ${rest.at(-1) ?? ''}`);
    rest.forEach((component) => this.#spawn(component));
    await site.startNodes({ api, wait: (description, check) => this.#wait(description, check) });
    await this.#wait(`${site.size} nodes to be Ready`, () => this.#nodesAreReady(site.size));
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
    const { paths, ownDir, site } = this.#setup;
    await site.stop();
    const data = ownDir ? [paths.etcdData, paths.pki, paths.kubeconfig] : [paths.etcdData];
    await Promise.all(data.map((path) => rm(path, { recursive: true, force: true })));
  }

  #spawn(component: Component): void {
    const { paths, audit, site } = this.#setup;
    const { ports, address } = site;
    const args = decideArguments(component, { paths, ports, audit, ...(address === undefined ? {} : { address }) });
    const launch = {
      name: component,
      command: site.command(component, args),
      logFile: join(paths.logs, `${component}.log`),
      workDir: paths.dir,
    };
    this.#processes.set(component, new ServerProcess(launch));
  }

  async #writeFiles(): Promise<void> {
    const { paths, binaries, site } = this.#setup;
    await mkdir(paths.logs, { recursive: true });
    await promisify(execFile)(binaries.cluster, ['init', paths.pki, ...site.nodeNames]);
    await writeFile(paths.auditPolicy, renderAuditPolicy());
    await this.#writeKubeconfig('admin', paths.kubeconfig, this.server);
    for (const client of CLIENTS) {
      await this.#writeKubeconfig(client, clientKubeconfig(paths, client), serverUrl(site.ports));
    }
  }

  async #writeKubeconfig(client: string, path: string, server: string): Promise<void> {
    const read = (name: string): Promise<Buffer> => readFile(join(this.#setup.paths.pki, name));
    const pem = { ca: await read('ca.crt'), cert: await read(`${client}.crt`), key: await read(`${client}.key`) };
    await writeFile(path, renderKubeconfig(server, client, pem), { mode: 0o600 });
  }

  async #waitForApiServer(): Promise<void> {
    await this.#wait('the API server to be ready', async () => (await this.#get('/readyz')).status === 200);
  }

  /** As waitFor, but ends with a process's last words when one of them dies. */
  async #wait(description: string, check: () => Promise<boolean>): Promise<void> {
    const died = new AbortController();
    const { signal = died.signal } = this.#setup;
    const look = async (): Promise<boolean> => {
      const failures = [...this.#processes.values()].map((process) => process.failure());
      for (const failure of [...failures, this.#setup.site.failure()]) {
        if (failure !== undefined) died.abort(new Error(failure));
      }
      died.signal.throwIfAborted();
      return check();
    };
    await waitFor(description, look, { timeoutMs: 120_000, signal: AbortSignal.any([died.signal, signal]) });
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
