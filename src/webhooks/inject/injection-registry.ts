import { REVISION_LABEL, USUAL_NAMESPACE } from '../../api/istio-names.ts';
import {
  compileInjectionConfig,
  type CompiledInjectionConfig,
  type CompileSettings,
} from '../../core/inject/compile-injection-config.ts';
import { readControlPlaneConfig } from '../../core/inject/control-plane-config.ts';
import {
  CONTROL_PLANE,
  INJECTOR,
  MESH,
  nameInRevision,
  revisionIn,
  VERSION_LABEL,
  type ControlPlaneObjects,
} from '../../core/inject/control-plane-objects.ts';
import { compileNodes } from '../../core/inject/native-sidecar.ts';
import { compileProxyConfigs, type ProxyConfigResource } from '../../core/inject/proxy-config.ts';
import { parseRevisionPath, type PathRevision } from '../../core/inject/revision-path.ts';
import { InjectionError } from '../../core/inject/template-context.ts';
import type { JsonObject, KubeObject } from '../../core/kube-object.ts';
import type { WebhookEndpoint } from '../../core/operator-endpoint.ts';
import { INJECTOR_KIND } from '../../core/webhook-configuration.ts';
import type { Informer, InformerEvent } from '../../kube/informer.ts';
import type { InformerPool } from '../../kube/informer-pool.ts';
import { MemoryBudget } from '../../kube/memory-budget.ts';
import { systemClock, type Clock } from '../../runtime/clock.ts';
import type { Log } from '../../telemetry/log.ts';
import { ControlPlaneWatch, PILOT_SELECTOR } from './control-plane-watch.ts';
import type { InjectionConfigs, InjectionSource, InjectionSources } from './injection-configs.ts';
import { writeSource } from './injection-source.ts';
import { slimNamespace, slimNode, slimProxyConfig, slimWebhooks, pathsOf } from './slim-objects.ts';

export interface RegistryOptions {
  informers: InformerPool;
  /** Webhooks that call it say where the control planes are. */
  endpoint: WebhookEndpoint;
  log: Log;
  clock?: Clock;
}
/** So long a start waits for what injection can do without when it must. */
const PATIENCE_MS = 30_000;

/** One control plane. Both are computed when first asked for after a change. */
interface Entry {
  revision: string;
  namespace: string;
  /** Without nodes and ProxyConfigs, which change by themselves. */
  base?: CompiledInjectionConfig;
  /** What `base` was made from. */
  objects?: ControlPlaneObjects;
  current?: CompiledInjectionConfig;
  /** What `current` was made from, once another thread needed it. */
  source?: InjectionSource;
  isStale: boolean;
  problem?: string;
}

/**
 * Knows by watching what injections need, so that none of them reads the API. Control planes are looked for in
 * istio-system and in the namespaces that webhooks calling this operator name: those are cluster-scoped, so nobody
 * declares a control plane in a namespace of his own. A configuration that cannot be read leaves the last good one in
 * force, and so does a ConfigMap that is gone: the control plane itself does the same, and takes the mesh's defaults
 * while no mesh configuration could be read.
 */
export class InjectionRegistry implements InjectionConfigs, InjectionSources {
  readonly #options: RegistryOptions;
  readonly #log: Log;
  readonly #clock: Clock;
  readonly #namespaces: Informer;
  readonly #nodes: Informer;
  readonly #proxyConfigs: Informer;
  readonly #webhooks: Informer;
  readonly #usual: ControlPlaneWatch;
  readonly #watches = new Map<string, ControlPlaneWatch>();
  readonly #entries = new Map<string, Entry>();
  readonly #listeners = new Set<() => void>();
  #startedAt: number | undefined;
  #isReady = false;

  constructor(options: RegistryOptions) {
    const { informers, endpoint, log, clock = systemClock } = options;
    this.#options = options;
    this.#log = log;
    this.#clock = clock;
    const v1 = (kind: string): { apiVersion: string; kind: string } => ({ apiVersion: 'v1', kind });
    const budget = new MemoryBudget();
    this.#namespaces = informers.open({ kind: v1('Namespace'), slim: slimNamespace, budget });
    this.#nodes = informers.open({ kind: v1('Node'), slim: slimNode });
    const proxyConfig = { apiVersion: 'networking.istio.io/v1beta1', kind: 'ProxyConfig' };
    this.#proxyConfigs = informers.open({ kind: proxyConfig, slim: slimProxyConfig, budget });
    this.#webhooks = informers.open({ kind: INJECTOR_KIND, slim: (object) => slimWebhooks(object, endpoint) });
    this.#usual = this.#openWatch(USUAL_NAMESPACE);
    this.#nodes.subscribe((event) => this.#onNode(event));
    this.#proxyConfigs.subscribe(() => this.#forgetCurrent());
    this.#webhooks.subscribe(() => this.#onWebhooks());
    this.#namespaces.subscribe(() => this.#forgetSourcesWithNamespaces());
  }

  get informers(): readonly Informer[] {
    const watches = [...this.#watches.values()].flatMap(({ informers }) => informers);
    return [this.#webhooks, this.#namespaces, this.#nodes, this.#proxyConfigs, ...watches];
  }

  /** Namespaces with their labels. */
  get namespaces(): Informer {
    return this.#namespaces;
  }

  /** The ConfigMaps of the control planes in istio-system. */
  get configMaps(): Informer {
    return this.#usual.configMaps;
  }

  /** The ConfigMaps of all control planes that it knows. */
  listConfigMaps(): KubeObject[] {
    return [...this.#watches.values()].flatMap(({ configMaps }) => configMaps.list());
  }

  start(): void {
    this.#startedAt = this.#clock.monotonic();
    for (const informer of this.informers) informer.start();
  }

  async stop(): Promise<void> {
    this.#startedAt = undefined;
    await Promise.all(this.informers.map((informer) => informer.stop()));
  }

  /**
   * What is not read yet. A replica that was ready once stays so: it goes on with the last it knew. A start waits for
   * the configurations, and some time for the rest, without which injection still is better than none.
   */
  findUnready(): string | undefined {
    if (this.#isReady) return undefined;
    const needed = new Set([this.#webhooks, ...[...this.#watches.values()].map(({ configMaps }) => configMaps)]);
    const unread = this.informers.filter(({ hasSynced }) => !hasSynced);
    const isPatient = this.#clock.monotonic() - (this.#startedAt ?? Infinity) < PATIENCE_MS;
    const waiting = unread.filter((informer) => isPatient || this.#startedAt === undefined || needed.has(informer));
    const names = (informers: readonly Informer[]): string => informers.map(({ kind }) => kind.kind).join(', ');
    if (waiting.length > 0) return `not read yet: ${names(waiting)}`;
    this.#isReady = true;
    if (unread.length > 0) this.#log.error({ kinds: names(unread) }, 'injecting without what could not be read');
    return undefined;
  }

  /** Calls back when a configuration may have changed. Returns the unsubscription. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  reading(namespace: string): Promise<void> | undefined {
    const configMaps = this.#watches.get(namespace)?.configMaps;
    return configMaps && !configMaps.hasSynced ? configMaps.waitForSync() : undefined;
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

  sourceOf(revision: string, namespace: string): InjectionSource | { problem: string } {
    const config = this.configOf(revision, namespace);
    if ('problem' in config) return config;
    const entry = this.#find(revision, namespace);
    if (!entry?.objects) return { problem: absence(revision, namespace) };
    entry.source ??= writeSource(entryKey(entry.revision, entry.namespace), {
      objects: entry.objects,
      nodes: this.#nodes.list().map(nodeOf),
      proxyConfigs: this.#resourcesOf(entry.revision),
      namespaces: config.openShift ? this.#namespaces.list() : [],
    });
    return entry.source;
  }

  /** The name `default` stands for the revision without a name, unless a control plane is really called so. */
  #find(revision: string, namespace: string): Entry | undefined {
    const named = this.#entries.get(entryKey(revision, namespace));
    return named ?? (revision === '' ? this.#entries.get(entryKey('default', namespace)) : undefined);
  }

  #compile(entry: Entry): void {
    const { revision, namespace } = entry;
    entry.isStale = false;
    const watch = this.#watches.get(namespace);
    const injector = watch?.configMaps.get({ name: nameInRevision(INJECTOR, revision), namespace });
    if (!watch || !injector) return;
    const mesh = watch.configMaps.get({ name: nameInRevision(MESH, revision), namespace });
    const istiod = watch.deployments.get({ name: nameInRevision(CONTROL_PLANE, revision), namespace });
    const objects = {
      revision,
      version: injector.metadata.labels?.[VERSION_LABEL],
      injector: textsOf(injector['data']),
      ...(istiod ? { env: textsOf(istiod['env']) } : {}),
    };
    const whole = mesh ? { ...objects, mesh: textsOf(mesh['data']) } : objects;
    const result = compiled(whole);
    if (typeof result !== 'string') {
      Object.assign(entry, { base: result, objects: whole });
      delete entry.current;
      delete entry.source;
      delete entry.problem;
      return;
    }
    const withoutMesh = mesh ? compiled(objects) : result;
    const culprit = mesh && typeof withoutMesh !== 'string' ? mesh : injector;
    entry.problem = `ConfigMap ${namespace}/${culprit.metadata.name} cannot be used: ${result}`;
    this.#log.error({ revision, namespace, problem: entry.problem }, this.#fallBack(entry, whole));
  }

  /**
   * Finds what stands in for a configuration that cannot be used, and says what that is. A replica that was just
   * started knows no last good one: it does with what can be read, until the operator puts back what somebody changed.
   */
  #fallBack(entry: Entry, { mesh, ...objects }: ControlPlaneObjects): string {
    if (entry.base) return 'keeping the last good injection configuration';
    const readable = compiled(mesh ? { ...objects, mesh } : objects, { isLenient: true });
    if (typeof readable !== 'string') {
      Object.assign(entry, { base: readable, objects: mesh ? { ...objects, mesh } : objects });
      return 'injecting all but the pods whose template cannot be read';
    }
    // Istiod, too, takes the defaults of the mesh while it has read no other.
    const withoutMesh = compiled(objects, { isLenient: true });
    if (typeof withoutMesh === 'string') return 'no injection configuration';
    Object.assign(entry, { base: withoutMesh, objects });
    return 'injecting with the defaults of the mesh';
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

  /** Watches the namespaces that webhooks name, and no others. */
  #onWebhooks(): void {
    const named = this.#findNamed();
    const wanted = new Set([USUAL_NAMESPACE, ...named.map(({ namespace }) => namespace)]);
    for (const namespace of wanted) {
      if (this.#watches.has(namespace)) continue;
      for (const informer of this.#openWatch(namespace).informers) informer.start();
    }
    for (const [namespace, watch] of this.#watches) {
      if (wanted.has(namespace)) continue;
      this.#watches.delete(namespace);
      for (const informer of watch.informers) void informer.stop();
      this.#tell();
    }
    this.#forgetEntries(named);
  }

  #findNamed(): PathRevision[] {
    return this.#webhooks.list().flatMap((webhooks) => pathsOf(webhooks).map(parseRevisionPath));
  }

  #openWatch(namespace: string): ControlPlaneWatch {
    const watch = new ControlPlaneWatch(this.#options.informers, namespace);
    this.#watches.set(namespace, watch);
    watch.subscribe((event) => this.#onControlPlane(namespace, event));
    return watch;
  }

  /** A control plane that is gone is kept as long as webhooks ask for it. */
  #forgetEntries(named: readonly PathRevision[]): void {
    const isAsked = (entry: Entry): boolean =>
      named.some((path) => this.#find(path.revision, path.namespace) === entry);
    for (const [key, entry] of this.#entries) {
      const name = nameInRevision(INJECTOR, entry.revision);
      const exists = this.#watches.get(entry.namespace)?.configMaps.get({ name, namespace: entry.namespace });
      if (!exists && !isAsked(entry)) this.#entries.delete(key);
    }
  }

  #onControlPlane(namespace: string, { type, object }: InformerEvent): void {
    const revision = revisionOf(object.metadata.name);
    if (revision !== undefined) this.#markStale(revision, namespace);
    if (type === 'deleted') this.#forgetEntries(this.#findNamed());
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
    this.#forgetSources();
    this.#tell();
  }

  #forgetSources(): void {
    for (const entry of this.#entries.values()) delete entry.source;
  }

  /** Namespaces, which come and go, are part of few. */
  #forgetSourcesWithNamespaces(): void {
    for (const entry of this.#entries.values()) if (entry.current?.openShift !== false) delete entry.source;
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

/** The configuration, or why there is none. */
function compiled(objects: ControlPlaneObjects, settings: CompileSettings = {}): CompiledInjectionConfig | string {
  try {
    return compileInjectionConfig(readControlPlaneConfig(objects), settings);
  } catch (error) {
    if (error instanceof InjectionError) return error.message;
    throw error;
  }
}

/** The revision of the control plane that an object of this name belongs to; undefined for others. */
function revisionOf(name: string): string | undefined {
  return [INJECTOR, CONTROL_PLANE, MESH].map((prefix) => revisionIn(name, prefix)).find((found) => found !== undefined);
}

function entryKey(revision: string, namespace: string): string {
  return `${namespace}/${revision}`;
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
  const name = nameInRevision(INJECTOR, revision);
  return (
    `there is no configuration for revision ${revision || 'default'}: ConfigMap ${namespace}/${name} with label ` +
    `${PILOT_SELECTOR} does not exist. Install the revision, or choose another with label ${REVISION_LABEL}`
  );
}
