// An operator's controller in the test's own process, on a real API server: writes are counted where they are sent.
import { createHash } from 'node:crypto';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CONTROL_PLANE_LABEL } from '../../../src/api/our-names.ts';
import { IstioOperatorController } from '../../../src/controllers/istio-operator/controller.ts';
import { USUAL_NAMESPACE } from '../../../src/api/istio-names.ts';
import type { JsonObject, ObjectRef } from '../../../src/core/kube-object.ts';
import { render } from '../../../src/core/render/render.ts';
import { InformerPool } from '../../../src/kube/informer-pool.ts';
import { createKubeClient, loadKubeConfig, type KubeClient } from '../../../src/kube/client.ts';
import { renderedPart } from '../../../src/operator/render-resource.ts';
import { InstallationPolicy } from '../../../src/kube/installation-policy.ts';
import type { KubeApi } from '../../../src/kube/kube-api.ts';
import { StaleKinds } from '../../../src/kube/stale-kinds.ts';
import { createLog } from '../../../src/telemetry/log.ts';
import { createMetrics, type Metrics } from '../../../src/telemetry/metrics.ts';
import type { Cluster } from '../../../testbed/cluster.ts';
import { FaultProxy } from '../../../testbed/fault-proxy.ts';
import { createKubectl, type Kubectl } from '../../../testbed/kubectl.ts';
import { obtainCluster, type ObtainedCluster } from '../../../testbed/obtain.ts';
import { waitFor } from '../../../testbed/wait.ts';

const CRD = join(import.meta.dirname, '../../../crds/install.istio.io_istiooperators.yaml');

interface Condition {
  type: string;
  status: string;
  reason: string;
  message: string;
}

async function startProxy({ kubeconfig }: ObtainedCluster): Promise<{ proxy: FaultProxy; path: string }> {
  const proxy = await FaultProxy.start(kubeconfig);
  const folder = await mkdtemp(join(tmpdir(), 'sailwright-harness-'));
  return { proxy, path: await proxy.writeKubeconfig(join(folder, 'kubeconfig')) };
}

/** A cluster, a client with all rights, and one controller that can be restarted. */
export class ControllerHarness {
  readonly namespace: string;
  readonly kubectl: Kubectl;
  readonly admin: KubeClient;
  readonly notes: { reason: string; message: string }[] = [];
  writes: string[] = [];
  /** How far the controller's clock is ahead; timers are not moved by it. */
  aheadMs = 0;
  /** Every Ready condition that the controller wrote, once it is stored. */
  told: Condition[] = [];
  /** Lets a call of the controller fail: gets the method (`render` and `dry-run` too) and the kind, and the name where there is one. */
  fault: (method: string, target: { kind: string; name: string | undefined }) => Error | undefined = () => undefined;
  /** Between the controller and the API server. */
  readonly proxy: FaultProxy | undefined;
  readonly #cluster: ObtainedCluster;
  readonly #client: KubeClient;
  #controller: IstioOperatorController;
  #staleness: StaleKinds | undefined;
  #metrics: Metrics;

  private constructor(cluster: ObtainedCluster, namespace: string, through?: { proxy: FaultProxy; path: string }) {
    this.#cluster = cluster;
    this.namespace = namespace;
    this.proxy = through?.proxy;
    this.kubectl = createKubectl(cluster.kubectl, cluster.kubeconfig);
    this.admin = createKubeClient({ version: 'test', kubeConfig: loadKubeConfig(cluster.kubeconfig) });
    this.#client = through
      ? createKubeClient({ version: 'test', kubeConfig: loadKubeConfig(through.path) })
      : this.admin;
    this.#metrics = createMetrics({ processMetrics: false });
    this.#controller = this.#createController();
  }

  /** Starts a cluster with the CRD, and a controller that leads; `isProxied` lets the test break its way there. */
  static async start(namespace: string, { isProxied = false } = {}): Promise<ControllerHarness> {
    const cluster = await obtainCluster({});
    const harness = new ControllerHarness(cluster, namespace, isProxied ? await startProxy(cluster) : undefined);
    await harness.kubectl(['apply', '--server-side', '-f', CRD]);
    // kubectl wait fails on a CRD so new that it has no conditions yet.
    await waitFor(
      'IstioOperators to be served',
      async () => (await harness.admin.scopeOf(harness.ref())) !== undefined,
    );
    await harness.kubectl(['create', 'namespace', namespace]);
    await harness.kubectl(['label', 'namespace', namespace, `${CONTROL_PLANE_LABEL}=true`]);
    harness.#controller.start();
    harness.#controller.startLeading();
    return harness;
  }

  /** What a new process would begin with, after something happened that no process saw. */
  async restart(meanwhile: () => Promise<void> = () => Promise.resolve()): Promise<void> {
    await this.#controller.stop();
    await meanwhile();
    this.#metrics = createMetrics({ processMetrics: false });
    this.#controller = this.#createController();
    this.#controller.start();
    this.#controller.startLeading();
  }

  async stop(): Promise<void> {
    this.#staleness?.stop();
    await this.#controller.stop();
    this.#client.close();
    this.admin.close();
    await this.proxy?.stop();
    await this.#cluster.stop();
  }

  /** The one that runs now. */
  get controller(): IstioOperatorController {
    return this.#controller;
  }

  /** The cluster's processes, to end them; undefined for somebody else's cluster. */
  get embedded(): Cluster | undefined {
    return this.#cluster.embedded;
  }

  /** Path of a kubeconfig with all rights. */
  get kubeconfig(): string {
    return this.#cluster.kubeconfig;
  }

  ref(name = 'mesh'): ObjectRef {
    return { apiVersion: 'install.istio.io/v1alpha1', kind: 'IstioOperator', namespace: this.namespace, name };
  }

  async applySpec(spec: unknown, name = 'mesh'): Promise<void> {
    const { apiVersion, kind, namespace } = this.ref();
    const resource = { apiVersion, kind, metadata: { namespace, name }, spec };
    await this.kubectl(['apply', '-f', '-'], JSON.stringify(resource));
  }

  /** Sets annotations of a resource, each `NAME=VALUE`, or takes one away by `NAME-`. */
  async annotate(annotations: readonly string[], name = 'mesh'): Promise<void> {
    await this.kubectl(['annotate', 'iop', name, '-n', this.namespace, '--overwrite', ...annotations]);
  }

  async fetchStatus(name = 'mesh'): Promise<Record<string, unknown>> {
    return ((await this.admin.get(this.ref(name)))?.['status'] ?? {}) as Record<string, unknown>;
  }

  /** Undefined until the status speaks of the spec as it is now. */
  async fetchCondition(type: string, name = 'mesh'): Promise<Condition | undefined> {
    const resource = await this.admin.get(this.ref(name));
    const status = resource?.['status'] as { conditions?: Condition[]; observedGeneration?: number } | undefined;
    if (status?.observedGeneration !== resource?.metadata['generation']) return undefined;
    return status?.conditions?.find((condition) => condition.type === type);
  }

  /** Waits for a condition to be True. */
  async waitForCondition(type: string, name = 'mesh'): Promise<Condition> {
    const read = async (): Promise<Condition | undefined> => {
      const condition = await this.fetchCondition(type, name);
      return condition?.status === 'True' ? condition : undefined;
    };
    return waitFor(`${name} to be ${type}`, read, { timeoutMs: 60_000 }).catch(async (error: unknown) => {
      throw new Error(`${String(error)}: ${JSON.stringify(await this.fetchStatus(name))}`, { cause: error });
    });
  }

  /** How many passes this controller has finished. */
  async fetchPasses(): Promise<number> {
    const metric = await this.#metrics.registry.getSingleMetric('sailwright_reconcile_total')?.get();
    return (metric?.values ?? []).reduce((sum, { value }) => sum + value, 0);
  }

  /** Waits until nothing was written for a while. */
  async waitForQuiet(ms = 1_500): Promise<void> {
    let seen = -1;
    while (seen !== this.writes.length) {
      seen = this.writes.length;
      await new Promise((resolve) => setTimeout(resolve, ms));
    }
  }

  #createController(): IstioOperatorController {
    const informers = new InformerPool({ api: this.#client });
    this.#staleness?.stop();
    this.#staleness = new StaleKinds({ informers, toleratedMs: 2_000, lookEveryMs: 200 });
    this.#staleness.start();
    return new IstioOperatorController({
      api: this.#withFaults(
        this.#client.scoped({ onWrite: ({ verb, ref }) => this.writes.push(`${verb} ${ref.kind} ${ref.name}`) }),
      ),
      informers,
      staleness: this.#staleness,
      render: (resource, kubeVersion) => {
        const error = this.fault('render', { kind: resource.kind, name: resource.metadata.name });
        if (error) throw error;
        const document = renderedPart(resource) as unknown as JsonObject;
        return render({ documents: [document] }, { form: 'sailwright', kubeVersion });
      },
      policy: new InstallationPolicy(this.admin, {
        controlPlaneNamespaces: [USUAL_NAMESPACE],
        allowsPrivilegedSettings: false,
        operatorNamespace: 'sailwright-system',
      }),
      digest: (text) => createHash('sha256').update(text).digest('hex'),
      events: { record: (_about, note) => void this.notes.push(note) },
      now: () => Date.now() + this.aheadMs,
      log: createLog({ level: 'silent' }),
      metrics: this.#metrics,
    });
  }

  #noteTold(patch: unknown): void {
    const operations = Array.isArray(patch) ? (patch as { path: string; value?: { conditions?: Condition[] } }[]) : [];
    const status = operations.find(({ path }) => path === '/status')?.value;
    this.told.push(...(status?.conditions ?? []).filter(({ type }) => type === 'Ready'));
  }

  #withFaults(api: KubeClient): KubeApi {
    return new Proxy<KubeApi>(api, {
      get: (_target, method: keyof KubeApi) => {
        const call = api[method].bind(api) as (...args: unknown[]) => Promise<unknown>;
        return async (...args: unknown[]): Promise<unknown> => {
          const [subject] = args as [{ kind?: string; name?: string; metadata?: { name: string } } | undefined];
          const target = { kind: subject?.kind ?? '', name: subject?.name ?? subject?.metadata?.name };
          const { dryRun } = (args[1] ?? {}) as { dryRun?: boolean };
          const error = this.fault(dryRun ? 'dry-run' : method, target);
          if (error) throw error;
          const answer = await call(...args);
          if (method === 'patch') this.#noteTold(args[1]);
          return answer;
        };
      },
    });
  }
}
