import { compileInjectionConfig, type CompiledInjectionConfig } from '../../core/inject/compile-injection-config.ts';
import { readControlPlaneConfig, VERSION_LABEL } from '../../core/inject/control-plane-config.ts';
import { compileNodes } from '../../core/inject/native-sidecar.ts';
import { compileProxyConfigs, type ProxyConfigResource } from '../../core/inject/proxy-config.ts';
import { InjectionError } from '../../core/inject/template-context.ts';
import type { JsonObject, KubeObject } from '../../core/kube-object.ts';
import type { Informer, InformerEvent } from '../../kube/informer.ts';
import type { InformerPool } from '../../kube/informer-pool.ts';
import type { Log } from '../../telemetry/log.ts';
import { slimConfigMap, slimControlPlane, slimNamespace, slimNode, slimProxyConfig } from './slim-objects.ts';

/** What decides the injection of pods: one configuration for each control plane. */
export interface InjectionConfigs {
  /** The configuration of a revision, or why there is none. */
  configOf(revision: string, namespace: string): CompiledInjectionConfig | { problem: string };
  namespaceOf(name: string): KubeObject | undefined;
}

export interface RegistryOptions {
  informers: InformerPool;
  log: Log;
}

const INJECTOR = 'istio-sidecar-injector';
const MESH = 'istio';
const CONTROL_PLANE = 'istiod';
/** Our own objects and those of Istio's installers carry it; a ConfigMap of the user's needs it to be seen. */
const PILOT_SELECTOR = 'operator.istio.io/component=Pilot';
const REVISION_LABEL = 'istio.io/rev';

/** One control plane. Both are computed when first asked for after a change. */
interface Entry {
  revision: string;
  namespace: string;
  /** Without nodes and ProxyConfigs, which change by themselves. */
  base?: CompiledInjectionConfig;
  current?: CompiledInjectionConfig;
  isStale: boolean;
  problem?: string;
}

/**
 * Knows by watching what injections need, so that none of them reads the API. A configuration that cannot be read
 * leaves the last good one in force, and so does a ConfigMap that is gone: the control plane itself does the same.
 */
export class InjectionRegistry implements InjectionConfigs {
  readonly #log: Log;
  readonly #namespaces: Informer;
  readonly #nodes: Informer;
  readonly #proxyConfigs: Informer;
  readonly #configMaps: Informer;
  readonly #controlPlanes: Informer;
  readonly #entries = new Map<string, Entry>();
  readonly #listeners = new Set<() => void>();

  constructor({ informers, log }: RegistryOptions) {
    this.#log = log;
    const v1 = (kind: string): { apiVersion: string; kind: string } => ({ apiVersion: 'v1', kind });
    this.#namespaces = informers.open({ kind: v1('Namespace'), slim: slimNamespace });
    this.#nodes = informers.open({ kind: v1('Node'), slim: slimNode });
    const proxyConfig = { apiVersion: 'networking.istio.io/v1beta1', kind: 'ProxyConfig' };
    this.#proxyConfigs = informers.open({ kind: proxyConfig, slim: slimProxyConfig });
    const labelSelector = PILOT_SELECTOR;
    this.#configMaps = informers.open({ kind: v1('ConfigMap'), labelSelector, slim: slimConfigMap });
    const deployment = { apiVersion: 'apps/v1', kind: 'Deployment' };
    this.#controlPlanes = informers.open({ kind: deployment, labelSelector, slim: slimControlPlane });
    this.#nodes.subscribe((event) => this.#onNode(event));
    this.#proxyConfigs.subscribe(() => this.#forgetCurrent());
    this.#configMaps.subscribe((event) => this.#onConfigMap(event));
    this.#controlPlanes.subscribe((event) => this.#onControlPlane(event));
  }

  get informers(): readonly Informer[] {
    return [this.#namespaces, this.#nodes, this.#proxyConfigs, this.#configMaps, this.#controlPlanes];
  }

  /** Namespaces with their labels. */
  get namespaces(): Informer {
    return this.#namespaces;
  }

  /** The ConfigMaps of control planes. */
  get configMaps(): Informer {
    return this.#configMaps;
  }

  start(): void {
    for (const informer of this.informers) informer.start();
  }

  async stop(): Promise<void> {
    await Promise.all(this.informers.map((informer) => informer.stop()));
  }

  /** What is not read yet. */
  findUnready(): string | undefined {
    const waiting = this.informers.filter(({ hasSynced }) => !hasSynced).map(({ kind }) => kind.kind);
    return waiting.length > 0 ? `not read yet: ${waiting.join(', ')}` : undefined;
  }

  /** Calls back when a configuration may have changed. Returns the unsubscription. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  namespaceOf(name: string): KubeObject | undefined {
    return this.#namespaces.get({ name });
  }

  configOf(revision: string, namespace: string): CompiledInjectionConfig | { problem: string } {
    const entry = this.#find(revision, namespace);
    if (entry?.isStale) this.#compile(entry);
    if (!entry?.base) return { problem: entry?.problem ?? absence(revision, namespace) };
    entry.current ??= {
      ...entry.base,
      nodes: compileNodes(this.#nodes.list().map(nodeOf)),
      proxyConfigs: compileProxyConfigs(entry.base.mesh, this.#resourcesOf(entry.revision)),
    };
    return entry.current;
  }

  /** The name `default` stands for the revision without a name, unless a control plane is really called so. */
  #find(revision: string, namespace: string): Entry | undefined {
    const named = this.#entries.get(entryKey(revision, namespace));
    return named ?? (revision === '' ? this.#entries.get(entryKey('default', namespace)) : undefined);
  }

  #compile(entry: Entry): void {
    const { revision, namespace } = entry;
    const suffix = revision === '' ? '' : `-${revision}`;
    entry.isStale = false;
    const injector = this.#configMaps.get({ name: `${INJECTOR}${suffix}`, namespace });
    if (!injector) return;
    const mesh = this.#configMaps.get({ name: `${MESH}${suffix}`, namespace });
    const istiod = this.#controlPlanes.get({ name: `${CONTROL_PLANE}${suffix}`, namespace });
    try {
      const config = readControlPlaneConfig({
        revision,
        version: injector.metadata.labels?.[VERSION_LABEL],
        injector: textsOf(injector['data']),
        ...(mesh ? { mesh: textsOf(mesh['data']) } : {}),
        ...(istiod ? { env: textsOf(istiod['env']) } : {}),
      });
      entry.base = compileInjectionConfig(config);
      delete entry.current;
      delete entry.problem;
    } catch (error) {
      if (!(error instanceof InjectionError)) throw error;
      entry.problem = `ConfigMap ${namespace}/${injector.metadata.name} cannot be used: ${error.message}`;
      const message = entry.base ? 'keeping the last good injection configuration' : 'no injection configuration';
      this.#log.error({ revision, namespace, problem: entry.problem }, message);
    }
  }

  #resourcesOf(revision: string): ProxyConfigResource[] {
    const wanted = revision || 'default';
    return this.#proxyConfigs
      .list()
      .filter(({ metadata }) => (metadata.labels?.[REVISION_LABEL] ?? wanted) === wanted)
      .map((object) => ({
        name: object.metadata.name,
        namespace: object.metadata.namespace ?? '',
        creationTimestamp: textOf(object.metadata['creationTimestamp']),
        spec: (object['spec'] ?? {}) as JsonObject,
      }));
  }

  #onConfigMap({ object }: InformerEvent): void {
    const { name } = object.metadata;
    const revision = revisionIn(name, INJECTOR) ?? revisionIn(name, MESH);
    if (revision !== undefined) this.#markStale(revision, object.metadata.namespace ?? '');
  }

  #onControlPlane({ object }: InformerEvent): void {
    const revision = revisionIn(object.metadata.name, CONTROL_PLANE);
    if (revision !== undefined) this.#markStale(revision, object.metadata.namespace ?? '');
  }

  #onNode({ type, object, previous }: InformerEvent): void {
    // Nodes report themselves all the time.
    if (type === 'updated' && previous?.['kubeletVersion'] === object['kubeletVersion']) return;
    this.#forgetCurrent();
  }

  #markStale(revision: string, namespace: string): void {
    const key = entryKey(revision, namespace);
    const entry = this.#entries.get(key);
    if (entry) entry.isStale = true;
    else this.#entries.set(key, { revision, namespace, isStale: true });
    this.#tell();
  }

  #forgetCurrent(): void {
    for (const entry of this.#entries.values()) delete entry.current;
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

function entryKey(revision: string, namespace: string): string {
  return `${namespace}/${revision}`;
}

/** The revision in a name such as `istiod-canary`; undefined for other names. */
function revisionIn(name: string, prefix: string): string | undefined {
  if (name === prefix) return '';
  return name.startsWith(`${prefix}-`) ? name.slice(prefix.length + 1) : undefined;
}

function nodeOf(object: KubeObject): { name: string; kubeletVersion: string } {
  return { name: object.metadata.name, kubeletVersion: textOf(object['kubeletVersion']) };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function textsOf(data: unknown): Record<string, string> {
  return (data ?? {}) as Record<string, string>;
}

function absence(revision: string, namespace: string): string {
  const name = `${INJECTOR}${revision === '' ? '' : `-${revision}`}`;
  return (
    `there is no configuration for revision ${revision || 'default'}: ConfigMap ${namespace}/${name} with label ` +
    `${PILOT_SELECTOR} does not exist. Install the revision, or choose another with label ${REVISION_LABEL}`
  );
}
