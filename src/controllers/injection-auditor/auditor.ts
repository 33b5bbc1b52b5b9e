import { injectionWebhooksOf, type PodWebhook } from '../../core/inject/injection-webhooks.ts';
import { countProxies, type ProxyCount } from '../../core/inject/count-proxies.ts';
import type { InjectionPolicy } from '../../core/inject/decide.ts';
import { findMissedPods, type MissedPod } from '../../core/inject/missed-pods.ts';
import {
  describeUnservedLabels,
  findUnservedLabels,
  UNSERVED_REASONS,
  type UnservedLabel,
} from '../../core/inject/unserved-labels.ts';
import { parseRevisionPath } from '../../core/inject/revision-path.ts';
import type { KubeObject } from '../../core/kube-object.ts';
import { isSame } from '../../core/plan/desired.ts';
import { ownerKey, ownerOf, type Owner } from '../../core/plan/owner-labels.ts';
import { INJECTOR_KIND } from '../../core/webhook-configuration.ts';
import type { Informer } from '../../kube/informer.ts';
import type { InformerPool } from '../../kube/informer-pool.ts';
import { systemClock, type Clock } from '../../runtime/clock.ts';
import { DEFAULT_BUDGET, MemoryBudget } from '../../kube/memory-budget.ts';
import { LeaderQueue } from '../../runtime/leader-queue.ts';
import { runInSlices } from '../../runtime/slices.ts';
import type { Log } from '../../telemetry/log.ts';
import type { Metrics } from '../../telemetry/metrics.ts';
import type { InjectionRegistry } from '../../webhooks/inject/injection-registry.ts';
import { slimPod } from './slim-pod.ts';

export interface AuditorOptions {
  informers: InformerPool;
  registry: InjectionRegistry;
  log: Log;
  metrics?: Metrics;
  clock?: Clock;
}

const PODS = { apiVersion: 'v1', kind: 'Pod' };
const AUDIT = 'audit';
/** Pods come and go in crowds: one look for all that happened since. */
const GATHER_MS = 2_000;
/** Enough for 30,000 pods of a namespace. */
const POD_BUDGET = { ...DEFAULT_BUDGET, perNamespace: 16 * 1024 * 1024 };
/** Pods come and go all the time, by autoscalers too: of their number alone is told so often, which costs a write. */
const COUNT_EVERY_MS = 10 * 60_000;
/** The same where a version is new, or gone: that is what an upgrade is watched by. */
const VERSIONS_EVERY_MS = 60_000;
const BACKOFF = { baseMs: 1_000, maxMs: 60_000 };

/** What a look at the cluster found. */
interface Audit {
  /** By owner. */
  missed: ReadonlyMap<string, readonly MissedPod[]>;
  unserved: readonly UnservedLabel[];
}

/**
 * Looks for pods that injection missed, while this replica leads: created while no webhook answered, or before their
 * namespace was labelled; and for labels that ask for an injector which is not there. It also hears of injectors of others. Its pod informer runs only then, since it is the largest.
 */
export class InjectionAuditor {
  readonly #options: AuditorOptions;
  readonly #listeners = new Set<(owners: readonly string[] | 'all') => void>();
  #informers: { pods: Informer; webhooks: Informer } | undefined;
  readonly #queue: LeaderQueue;
  #unsubscribe: (() => void)[] = [];
  #found: Audit | undefined;
  #counts: { at: number; byRevision: Counts } | undefined;

  constructor(options: AuditorOptions) {
    this.#options = options;
    this.#queue = new LeaderQueue({
      name: 'injection-audit',
      pass: () => this.#audit(),
      listKeys: () => [],
      backoff: BACKOFF,
      log: options.log,
      metrics: options.metrics,
      ...(options.clock ? { clock: options.clock } : {}),
    });
  }

  startLeading(): void {
    const { informers, registry } = this.#options;
    const pods = informers.open({ kind: PODS, slim: slimPod, budget: new MemoryBudget(POD_BUDGET) });
    const webhooks = informers.open({ kind: INJECTOR_KIND });
    const look = (): void => this.#queue.addAfter(AUDIT, GATHER_MS);
    this.#informers = { pods, webhooks };
    this.#queue.startLeading();
    this.#unsubscribe = [registry.onChange(look), registry.namespaces.subscribe(look)];
    for (const informer of [pods, webhooks]) {
      informer.subscribe(look);
      informer.start();
      // A cluster without any such object causes no event.
      void informer.waitForSync().then(look);
    }
    webhooks.subscribe(({ object }) => this.#onWebhooks(object));
  }

  async stopLeading(): Promise<void> {
    const informers = this.#informers;
    for (const end of this.#unsubscribe.splice(0)) end();
    this.#informers = undefined;
    this.#found = undefined;
    this.#counts = undefined;
    await Promise.all([this.#queue.stopLeading(), informers?.pods.stop(), informers?.webhooks.stop()]);
  }

  /** Pods that the owner's webhooks missed; undefined while nobody has looked. */
  missedOf(owner: Owner): readonly MissedPod[] | undefined {
    return this.#found && (this.#found.missed.get(ownerKey(owner)) ?? []);
  }

  /** Pods with a proxy of the revision, as of the last ten minutes; undefined while nobody has looked. */
  proxiesOf(revision: string): readonly ProxyCount[] | undefined {
    return this.#counts && (this.#counts.byRevision.get(revision) ?? []);
  }

  /** Labels in the whole cluster that no injector serves; undefined while nobody has looked. */
  listUnserved(): readonly UnservedLabel[] | undefined {
    return this.#found?.unserved;
  }

  /** The same by reason, for metrics; nothing while nobody has looked. */
  countUnserved(): ReadonlyMap<string, number> {
    const unserved = this.listUnserved();
    if (!unserved) return new Map();
    return new Map(
      UNSERVED_REASONS.map((reason) => [reason, unserved.filter((each) => each.reason === reason).length]),
    );
  }

  /** Every owner's missed pods by revision, for metrics. */
  countByRevision(): ReadonlyMap<string, number> {
    const counts = new Map<string, number>();
    for (const missed of this.#found?.missed.values() ?? []) {
      for (const { webhook } of missed) {
        const revision = parseRevisionPath(webhook.path).revision || 'default';
        counts.set(revision, (counts.get(revision) ?? 0) + 1);
      }
    }
    return counts;
  }

  /** Calls back with the owners (`namespace/name`) for whom something changed. Returns the unsubscription. */
  subscribe(listener: (owners: readonly string[] | 'all') => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** An injector of others came, changed or went: our status may have to name it. */
  #onWebhooks(object: KubeObject): void {
    const informer = this.#informers?.webhooks;
    if (!informer?.hasSynced || ownerOf(object) || injectionWebhooksOf(object).length === 0) return;
    this.#tell([...new Set(ownersOf(informer.list()).values())]);
  }

  async #audit(): Promise<void> {
    const { registry } = this.#options;
    const informers = this.#informers;
    if (!informers || ![informers.pods, informers.webhooks, registry.namespaces].every(({ hasSynced }) => hasSynced))
      return;
    if (registry.findUnready() !== undefined) return;
    const configurations = informers.webhooks.list();
    const owners = ownersOf(configurations);
    const pods = informers.pods.list();
    const namespaces = registry.namespaces.list();
    const policyOf = ({ path }: PodWebhook): InjectionPolicy | undefined => {
      const { revision, namespace } = parseRevisionPath(path);
      const config = registry.configOf(revision, namespace);
      return 'problem' in config ? undefined : config;
    };
    const byName = new Map(namespaces.map((object) => [object.metadata.name, object]));
    const found = await runInSlices(
      findMissedPods({ pods, namespaces: byName, webhooks: [...owners.keys()], policyOf }),
    );
    // Those of others serve their labels as well.
    const webhooks = configurations.flatMap(injectionWebhooksOf);
    const unserved = await runInSlices(findUnservedLabels({ namespaces, pods, webhooks }));
    const proxies = await runInSlices(countProxies(pods));
    // Another replica may lead by now.
    if (this.#informers !== informers) return;
    const missed = new Map([...new Set(owners.values())].map((owner): [string, MissedPod[]] => [owner, []]));
    for (const pod of found) missed.get(owners.get(pod.webhook) ?? '')?.push(pod);
    this.#count(proxies);
    this.#publish({ missed, unserved });
  }

  #count(byRevision: Counts): void {
    const now = (this.#options.clock ?? systemClock).monotonic();
    const known = this.#counts;
    if (known && isSame([...known.byRevision], [...byRevision])) return;
    const waitMs = known ? known.at + gapBetween(known.byRevision, byRevision) - now : 0;
    if (waitMs > 0) {
      this.#queue.addAfter(AUDIT, waitMs);
      return;
    }
    this.#counts = { at: now, byRevision };
    if (known) this.#tell('all');
  }

  #publish(found: Audit): void {
    const before = this.#found;
    this.#found = found;
    // What an earlier leader wrote may be out of date: the first look is told to all.
    if (!before || describeUnservedLabels(found.unserved) !== describeUnservedLabels(before.unserved)) {
      this.#tell('all');
      return;
    }
    const changed = [...found.missed].filter(
      ([owner, missed]) => namesOf(missed) !== namesOf(before.missed.get(owner) ?? []),
    );
    const gone = [...before.missed.keys()].filter((owner) => !found.missed.has(owner));
    this.#tell([...changed.map(([owner]) => owner), ...gone]);
  }

  #tell(owners: readonly string[] | 'all'): void {
    if (owners.length === 0) return;
    for (const listener of this.#listeners) listener(owners);
  }
}

type Counts = ReadonlyMap<string, readonly ProxyCount[]>;

/** How far apart two counts are told. */
function gapBetween(before: Counts, after: Counts): number {
  const versionsOf = (counts: Counts): string[] =>
    [...counts.values()].flatMap((all) => all.map(({ revision, version }) => `${revision} ${version}`)).sort();
  if (before.size === 0) return 0;
  return isSame(versionsOf(before), versionsOf(after)) ? COUNT_EVERY_MS : VERSIONS_EVERY_MS;
}

/** The webhooks of our IstioOperators, with the key of the one that each belongs to. */
function ownersOf(configurations: readonly KubeObject[]): Map<PodWebhook, string> {
  const owners = new Map<PodWebhook, string>();
  for (const configuration of configurations) {
    const owner = ownerOf(configuration);
    if (!owner) continue;
    for (const webhook of injectionWebhooksOf(configuration)) owners.set(webhook, ownerKey(owner));
  }
  return owners;
}

function namesOf(missed: readonly MissedPod[]): string {
  return missed
    .map(({ namespace, name }) => `${namespace}/${name}`)
    .sort()
    .join(' ');
}
