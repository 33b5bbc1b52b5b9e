// Flux's own kustomize-controller beside the cluster, with config/flux as it is. What Git would hold is served from here,
// and written into the status of the sources, which is all that the controller reads of them.
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { stringify } from 'yaml';
import type { KubeObject } from '../../../src/core/kube-object.ts';
import type { KubeClient } from '../../../src/kube/client.ts';
import { ensureFlux } from '../../../testbed/flux-program.ts';
import type { Kubectl } from '../../../testbed/kubectl.ts';
import { findFreePorts } from '../../../testbed/ports.ts';
import { ServerProcess } from '../../../testbed/server-process.ts';
import { waitFor } from '../../../testbed/wait.ts';
import { fileEntry, type FileTree } from '../../../tools/image/file-tree.ts';
import { packTar } from '../../../tools/image/tar.ts';
import { CONFIG } from '../../../tools/release/read-manifests.ts';
import { makeAdminAccount } from './admin-account.ts';
import type { Environment } from './environment.ts';
import type { GitOpsTool, Look } from './gitops-tools.ts';

const NAMESPACE = 'flux-system';
const ACCOUNT = 'kustomize-controller';
const TIMEOUT_MS = 180_000;
/** Those of config/flux; each waits for the one before. */
const KUSTOMIZATIONS = ['sailwright', 'mesh', 'apps'] as const;
type Kustomization = (typeof KUSTOMIZATIONS)[number];

/** What Git holds beside the operator's manifests. */
export interface PlatformInGit {
  mesh: readonly KubeObject[];
  apps: readonly KubeObject[];
}

/** Ends with us, even where we are killed: its shell reads from our pipe until that closes. */
const WHILE_READ = ['sh', '-c', '"$@" & cat; kill -9 $!', 'sh'] as const;

/** Holds the operator, a mesh, and what needs the mesh. */
export class Flux implements GitOpsTool {
  readonly name = 'Flux';
  readonly account = `${NAMESPACE}:${ACCOUNT}`;
  readonly objects: readonly KubeObject[];
  readonly #kubectl: Kubectl;
  readonly #process: ServerProcess;
  readonly #logFile: string;
  readonly #server: Server;
  readonly #archives = new Map<string, Buffer>();
  readonly #platform: PlatformInGit;
  #requests = 0;
  #bytesRead = 0;

  private constructor(
    environment: Environment,
    operator: readonly KubeObject[],
    platform: PlatformInGit,
    launch: Launch,
  ) {
    this.#kubectl = environment.kubectl;
    this.#platform = platform;
    this.objects = [...operator, ...platform.mesh, ...platform.apps];
    this.#process = launch.process;
    this.#logFile = launch.logFile;
    this.#server = createServer((request, response) => {
      const archive = this.#archives.get(request.url ?? '');
      response.writeHead(archive ? 200 : 404).end(archive);
    });
  }

  /** Starts it with rights to all, as Flux has them, and lets it apply the manifests of the operator. */
  static async start(
    environment: Environment,
    operator: readonly KubeObject[],
    platform: PlatformInGit,
  ): Promise<Flux> {
    const { kubectl } = environment;
    const program = await ensureFlux((line) => process.stderr.write(`  ${line}\n`));
    await kubectl(['apply', '--server-side', '-f', program.definitions]);
    await kubectl(['wait', '--for=condition=Established', '-f', program.definitions, '--timeout=60s']);
    const flux = new Flux(environment, operator, platform, await launch(environment, program.controller));
    await new Promise<void>((resolve) => flux.#server.listen(0, '127.0.0.1', resolve));
    await flux.#installOperator(operator);
    return flux;
  }

  /** Gives it the mesh, once operators run. */
  async install(): Promise<void> {
    const { mesh, apps } = this.#platform;
    const files = { 'mesh/mesh.yaml': mesh, 'apps/apps.yaml': apps };
    const entries = Object.entries(files).map(([path, objects]) => {
      const text = objects.map((object) => stringify(object)).join('---\n');
      return [path, fileEntry(text)] as const;
    });
    await this.#publish('platform', new Map(entries));
    await this.#untilReady('mesh');
    await this.#expectMeshToRun();
    await this.#untilReady('apps');
    await this.#readVerdicts();
  }

  async look(): Promise<Look> {
    const failed: string[] = [];
    for (const name of KUSTOMIZATIONS) {
      await this.#reconcile(name).catch((error: unknown) => failed.push(`${name}: ${String(error)}`));
    }
    const verdicts = await this.#readVerdicts();
    const changed = verdicts.filter(([, verdict]) => verdict !== 'unchanged').map((verdict) => verdict.join(' '));
    return { compared: verdicts.length, differences: [...changed, ...failed] };
  }

  async findUnhealthy(client: KubeClient): Promise<string[]> {
    const { items } = await client.list({ apiVersion: 'kustomize.toolkit.fluxcd.io/v1', kind: 'Kustomization' });
    return (items as unknown as KustomizationObject[]).flatMap(({ metadata, status }) =>
      (status?.conditions ?? [])
        .filter(isFailure)
        .map(({ type, status: state, message }) => `Flux's ${metadata.name}: ${type} ${state} ${message}`),
    );
  }

  async stop(): Promise<void> {
    await this.#process.release();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  async #installOperator(operator: readonly KubeObject[]): Promise<void> {
    await this.#kubectl(['apply', '--server-side', '-k', join(CONFIG, 'flux')]);
    const patch = JSON.stringify({ spec: { patches: renderWebhookPatches(operator) } });
    await this.#kubectl(['patch', 'kustomization', 'sailwright', '-n', NAMESPACE, '--type=merge', '-p', patch]);
    await this.#publish('sailwright', await readConfig());
    await this.#untilReady('sailwright');
  }

  /** What needs the mesh comes next: whatever Flux says of it has to be so. */
  async #expectMeshToRun(): Promise<void> {
    const path = 'jsonpath={.items[*].status.conditions[?(@.type=="Ready")].status}';
    const ready = await this.#kubectl(['get', 'istiooperators', '-A', '-o', path]);
    if (ready !== 'True') throw new Error(`Flux takes the mesh for ready while Ready is "${ready}"`);
  }

  /** What source-controller does with what it fetched. */
  async #publish(source: string, tree: FileTree): Promise<void> {
    const archive = gzipSync(packTar(tree));
    const digest = createHash('sha256').update(archive).digest('hex');
    const path = `/${source}/${digest}.tar.gz`;
    this.#archives.set(path, archive);
    const { port } = this.#server.address() as AddressInfo;
    const status = {
      observedGeneration: 1,
      conditions: [
        {
          type: 'Ready',
          status: 'True',
          observedGeneration: 1,
          reason: 'Succeeded',
          message: 'stored artifact',
          lastTransitionTime: new Date().toISOString(),
        },
      ],
      artifact: {
        path: path.slice(1),
        url: `http://127.0.0.1:${port}${path}`,
        revision: `main@sha1:${digest.slice(0, 40)}`,
        digest: `sha256:${digest}`,
        size: archive.length,
        lastUpdateTime: new Date().toISOString(),
      },
    };
    const patch = ['--subresource=status', '--type=merge', '-p', JSON.stringify({ status })];
    await this.#kubectl(['patch', 'gitrepository', source, '-n', NAMESPACE, ...patch]);
  }

  /** Lets it try until it is content, as it does by itself in longer intervals. */
  async #untilReady(name: Kustomization): Promise<void> {
    await waitFor(`Flux to have applied ${name}`, () => this.#reconcile(name).then(() => true), {
      timeoutMs: TIMEOUT_MS,
      intervalMs: 500,
    });
  }

  /** As `flux reconcile kustomization` does. Rejects when it failed. */
  async #reconcile(name: Kustomization): Promise<void> {
    const request = `${++this.#requests}`;
    const annotation = `reconcile.fluxcd.io/requestedAt=${request}`;
    await this.#kubectl(['annotate', 'kustomization', name, '-n', NAMESPACE, '--overwrite', annotation]);
    const { status } = await waitFor(
      `Flux to have looked at ${name}: ${this.#logFile}`,
      async () => {
        const text = await this.#kubectl(['get', 'kustomization', name, '-n', NAMESPACE, '-o', 'json']);
        const found = JSON.parse(text) as KustomizationObject;
        return found.status?.lastHandledReconcileAt === request && found;
      },
      { timeoutMs: TIMEOUT_MS },
    );
    const ready = status?.conditions?.find(({ type }) => type === 'Ready');
    if (ready?.status !== 'True' || status?.lastAppliedRevision !== status?.lastAttemptedRevision) {
      throw new Error(`Ready is ${ready?.status}: ${ready?.message}`);
    }
  }

  /** What it logged of each object since the last time. */
  async #readVerdicts(): Promise<[object: string, verdict: string][]> {
    const log = await readFile(this.#logFile);
    const end = log.lastIndexOf('\n') + 1;
    const lines = log.subarray(this.#bytesRead, end).toString().split('\n');
    this.#bytesRead = end;
    return lines.flatMap((line) => {
      if (!line.includes('"server-side apply completed"')) return [];
      return Object.entries((JSON.parse(line) as { output: Record<string, string> }).output);
    });
  }
}

interface Launch {
  process: ServerProcess;
  logFile: string;
}

async function launch(environment: Environment, controller: string): Promise<Launch> {
  const workDir = join(environment.folder, 'flux');
  await mkdir(join(workDir, '.kube'), { recursive: true });
  // Where clients look below HOME, which is this folder.
  const path = join(workDir, '.kube/config');
  await makeAdminAccount(environment.kubectl, { namespace: NAMESPACE, name: ACCOUNT, path });
  const [health = 0] = await findFreePorts(1);
  const addresses = ['--metrics-addr=0', `--health-addr=127.0.0.1:${health}`];
  const logFile = join(environment.folder, 'flux.log');
  const process = new ServerProcess({
    name: 'kustomize-controller',
    // As in Flux's Deployment, but alone.
    command: [
      ...WHILE_READ,
      controller,
      '--watch-all-namespaces',
      '--log-level=info',
      '--log-encoding=json',
      ...addresses,
    ],
    logFile,
    workDir,
  });
  await waitFor(`Flux to be ready: ${logFile}`, async () => (await fetch(`http://127.0.0.1:${health}/readyz`)).ok);
  return { process, logFile };
}

/** The folder config/, as the repository of the operator has it. */
async function readConfig(): Promise<FileTree> {
  const found = await readdir(CONFIG, { recursive: true, withFileTypes: true });
  const files = found.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  const entries = files.map(async (path) => {
    return [join('config', path.slice(CONFIG.length)), fileEntry(await readFile(path))] as const;
  });
  return new Map(await Promise.all(entries));
}

/** So that webhooks lead where they do in these objects. */
function renderWebhookPatches(objects: readonly KubeObject[]): object[] {
  return objects
    .filter(({ kind }) => kind === 'ValidatingWebhookConfiguration')
    .map(({ kind, metadata, webhooks }) => ({
      target: { kind, name: metadata.name },
      patch: stringify(
        (webhooks as { clientConfig: object }[]).map(({ clientConfig }, index) => ({
          op: 'replace',
          path: `/webhooks/${index}/clientConfig`,
          value: clientConfig,
        })),
      ),
    }));
}

interface Condition {
  type: string;
  status: string;
  message: string;
}

/** Unknown is what it is while it looks. */
function isFailure({ type, status }: Condition): boolean {
  return (type === 'Stalled' && status === 'True') || (type !== 'Stalled' && status === 'False');
}

interface KustomizationObject {
  metadata: { name: string };
  status?: {
    lastHandledReconcileAt?: string;
    lastAppliedRevision?: string;
    lastAttemptedRevision?: string;
    conditions?: Condition[];
  };
}
