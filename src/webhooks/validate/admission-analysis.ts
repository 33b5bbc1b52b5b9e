import { REVISION_LABEL, USUAL_NAMESPACE } from '../../api/istio-names.ts';
import { ANALYSIS_LABEL } from '../../api/our-names.ts';
import { analyzeChange, isAnalyzedAtAdmission } from '../../core/analyze/admission/analyze-change.ts';
import { LOOKED_UP, LOOKED_UP_BY_TRAIT, reduceResource } from '../../core/analyze/admission/reduce-resource.ts';
import { KIND, kindRefOf, type Kind } from '../../core/analyze/kinds.ts';
import { meshOfConfigMaps } from '../../core/analyze/mesh-of-config-maps.ts';
import { levelOf, type Message } from '../../core/analyze/messages.ts';
import { friendlyName, type Resource } from '../../core/analyze/resource.ts';
import { resourceOf } from '../../core/analyze/world-from-objects.ts';
import { MutableWorld } from '../../core/analyze/world.ts';
import { findReleasesFor } from '../../core/istio/readers.ts';
import type { IstioRelease } from '../../core/istio/release.ts';
import { bareObject, objectKey, refOf, type JsonObject, type KubeObject } from '../../core/kube-object.ts';
import { TooMuchWork } from '../../core/work-meter.ts';
import type { Informer, InformerEvent } from '../../kube/informer.ts';
import type { InformerPool } from '../../kube/informer-pool.ts';
import { MemoryBudget } from '../../kube/memory-budget.ts';
import type { Log } from '../../telemetry/log.ts';
import { NO_READERS, type Readers } from './readers.ts';
import type { Printable } from './print-findings.ts';

/** What analysis says of one resource that is to be stored. */
export interface AnalysisAnswer {
  /** Refuse it, if there are any. */
  errors: Printable[];
  warnings: Printable[];
  /** Whether it may be another one as soon as more is seen of what is stored. */
  isUnsettled: boolean;
}

/** A resource that was found valid by itself, with its spec if that could be decoded. */
export interface ValidObject {
  object: JsonObject;
  spec?: JsonObject | undefined;
  /** Only its name is here: the rest is more than is analyzed. */
  isTooLarge?: boolean;
}

/** Who waits for an answer. */
export interface Waiting {
  /** Aborts when nobody waits any more; made when it is first read, which few judgements need. */
  readonly signal: AbortSignal;
}

/** Judges a resource together with those that are stored. */
export interface AdmissionAnalysis {
  judge(
    candidate: ValidObject,
    previous?: JsonObject | null,
    caller?: Waiting,
  ): AnalysisAnswer | Promise<AnalysisAnswer>;
}

/** Analysis by what was seen so far, which may be a moment behind what is stored. */
export interface IndexedAnalysis extends AdmissionAnalysis {
  judge(candidate: ValidObject, previous?: JsonObject | null): AnalysisAnswer;
  /** Calls back whenever more was seen; the returned function ends that. */
  onChange(callback: () => void): () => void;
}

export interface AdmissionAnalyzerOptions {
  informers: InformerPool;
  log: Log;
  /** Namespaces with their labels, which others watch too. */
  namespaces: Informer;
  /** The ConfigMaps of control planes, which others watch too. */
  configMaps: Informer;
  /** By whose rules resources are judged. */
  readers?: Readers;
  istioNamespace?: string;
}

const SILENCE: AnalysisAnswer = { errors: [], warnings: [], isUnsettled: false };
/** The kinds of which it watches all objects, whatever is installed. */
export const ALWAYS_WATCHED = LOOKED_UP.filter((kind) => !LOOKED_UP_BY_TRAIT.has(kind)).map(kindRefOf);
/** Characters of a spec. Larger ones are left to the analysis in the background: nobody waits for that. */
export const MAX_ANALYZED_SPEC = 32 * 1024;
/** What is added where something is missing: the next resource of the same apply may be just that. */
const UNSEEN = {
  warned: ' (not seen yet; fine if it comes in the same apply)',
  refused: ' (not seen yet: apply that first)',
};
const NO_SURROUNDINGS = { now: 0, readCertificate: () => undefined };

/**
 * Knows by watching what is stored, reduced to what analyzers look up, so that no admission reads the API. Pods and
 * Secrets are not watched: they come and go, and are left to the analysis in the background.
 */
export class AdmissionAnalyzer implements IndexedAnalysis {
  readonly #log: Log;
  readonly #namespaces: Informer;
  readonly #configMaps: Informer;
  readonly #readers: Readers;
  readonly #istioNamespace: string;
  readonly #informers: InformerPool;
  readonly #budget = new MemoryBudget();
  /** Of this object alone, by kind; those of the options belong to others. */
  readonly #watched = new Map<Kind, Informer>();
  #unsubscribe: (() => void) | undefined;
  readonly #world = new MutableWorld([], NO_SURROUNDINGS);
  readonly #stored = new Map<string, Resource>();
  readonly #callbacks = new Set<() => void>();
  #mesh: readonly Resource[] = [];

  constructor({ informers, log, namespaces, configMaps, ...more }: AdmissionAnalyzerOptions) {
    const { readers = NO_READERS, istioNamespace = USUAL_NAMESPACE } = more;
    this.#readers = readers;
    this.#log = log;
    this.#namespaces = namespaces;
    this.#configMaps = configMaps;
    this.#istioNamespace = istioNamespace;
    this.#informers = informers;
    namespaces.subscribe((event) => this.#onResource(event));
    configMaps.subscribe(() => this.#readMesh());
  }

  /** Those that it watches by itself. */
  get informers(): readonly Informer[] {
    return [...this.#watched.values()];
  }

  start(): void {
    this.#watch();
    this.#unsubscribe = this.#readers.onRelease(() => this.#watch());
  }

  async stop(): Promise<void> {
    this.#unsubscribe?.();
    await Promise.all(this.informers.map((informer) => informer.stop()));
  }

  judge({ object, spec, isTooLarge }: ValidObject, previous?: JsonObject | null): AnalysisAnswer {
    const resource = resourceOf({ value: object, spec, origin: {} }, '');
    if (!resource || !isAnalyzedAtAdmission(resource.kind)) return SILENCE;
    const mode = this.#modeOf(resource.namespace);
    if (mode === 'off') return SILENCE;
    const isEnforced = mode === 'enforce';
    const obstacle = this.#findObstacle(resource, isTooLarge);
    if (obstacle !== undefined) return leaveOut(obstacle, isEnforced);
    try {
      const readPrevious = (): Resource | undefined =>
        previous ? resourceOf({ value: previous, origin: {} }, '') : undefined;
      const { errors, warnings } = analyzeChange(this.#world, {
        resource,
        readPrevious,
        releases: this.#releasesFor(resource),
      });
      const isUnsettled = [...errors, ...warnings].some(mayPass);
      const warn = (found: Message): Printable => printable(found, UNSEEN.warned);
      const refuse = (found: Message): Printable => printable(found, UNSEEN.refused);
      if (isEnforced) return { errors: errors.map(refuse), warnings: warnings.map(warn), isUnsettled };
      return { errors: [], warnings: [...errors, ...warnings].map(warn), isUnsettled };
    } catch (error) {
      if (error instanceof TooMuchWork) return leaveOut('it refers to more than is looked up meanwhile', isEnforced);
      // A fault of ours in what is only advice must not keep anybody from writing.
      this.#log.error({ error, resource: friendlyName(resource) }, 'a resource could not be analyzed');
      return { ...SILENCE, warnings: [notAnalyzed('the operator failed; its log says how')] };
    }
  }

  onChange(callback: () => void): () => void {
    this.#callbacks.add(callback);
    return () => void this.#callbacks.delete(callback);
  }

  /** Watches what the releases look up that are installed, and nothing else. */
  #watch(): void {
    const releases = this.#readers.releases();
    for (const kind of LOOKED_UP.filter((each) => each !== KIND.namespace)) {
      const trait = LOOKED_UP_BY_TRAIT.get(kind);
      const isWanted = trait === undefined || releases.some(({ traits }) => traits[trait]);
      const informer = this.#watched.get(kind);
      if (isWanted && !informer) this.#watchKind(kind);
      if (!isWanted && informer) this.#forgetKind(kind, informer);
    }
  }

  #watchKind(kind: Kind): void {
    const informer = this.#informers.open({ kind: kindRefOf(kind), slim: holdReduced, budget: this.#budget });
    this.#watched.set(kind, informer);
    informer.subscribe((event) => this.#onResource(event));
    informer.start();
  }

  #forgetKind(kind: Kind, informer: Informer): void {
    this.#watched.delete(kind);
    void informer.stop();
    for (const object of informer.list()) this.#store({ type: 'deleted', object });
    this.#tellChange();
  }

  #modeOf(namespace: string): string | undefined {
    return this.#namespaces.get({ name: namespace })?.metadata.labels?.[ANALYSIS_LABEL];
  }

  #releasesFor({ labels, namespace }: Resource): readonly IstioRelease[] {
    return findReleasesFor(this.#readers.list(), { revision: labels[REVISION_LABEL], namespace });
  }

  /** Why a resource cannot be judged. */
  #findObstacle({ spec }: Resource, isTooLarge = false): string | undefined {
    if (!this.#hasSynced()) {
      const unread = [...this.informers, this.#namespaces, this.#configMaps].filter(({ hasSynced }) => !hasSynced);
      return `not read yet: ${unread.map(({ kind }) => kind.kind).join(', ')}`;
    }
    const isSmall = !isTooLarge && JSON.stringify(spec).length <= MAX_ANALYZED_SPEC;
    return isSmall ? undefined : `its spec is larger than ${MAX_ANALYZED_SPEC} characters`;
  }

  #hasSynced(): boolean {
    for (const informer of this.#watched.values()) if (!informer.hasSynced) return false;
    return this.#namespaces.hasSynced && this.#configMaps.hasSynced;
  }

  #onResource(event: InformerEvent): void {
    this.#store(event);
    this.#tellChange();
  }

  #tellChange(): void {
    for (const callback of this.#callbacks) callback();
  }

  #store({ type, object }: InformerEvent): void {
    const key = objectKey(refOf(object));
    const before = this.#stored.get(key);
    if (before) this.#world.remove(before);
    this.#stored.delete(key);
    if (type === 'deleted') return;
    const resource = heldIn(object);
    if (!resource) return;
    this.#world.add(resource);
    this.#stored.set(key, resource);
  }

  #readMesh(): void {
    for (const resource of this.#mesh) this.#world.remove(resource);
    const configMaps = this.#configMaps.list().flatMap((value) => resourceOf({ value, origin: {} }, '') ?? []);
    this.#mesh = meshOfConfigMaps(configMaps, this.#istioNamespace);
    for (const resource of this.#mesh) this.#world.add(resource);
    this.#tellChange();
  }
}

/** An object of which only its name and the reduced resource are kept. */
function holdReduced(object: KubeObject): KubeObject {
  const resource = resourceOf({ value: object, origin: {} }, '');
  return { ...bareObject(object), resource: resource && reduceResource(resource) };
}

/** What {@link holdReduced} kept; objects of shared informers are read as they are. */
function heldIn(object: KubeObject): Resource | undefined {
  if ('resource' in object) return object['resource'] as Resource | undefined;
  const resource = resourceOf({ value: object, origin: {} }, '');
  return resource && reduceResource(resource);
}

/** Only who relies on the analysis is told that there is none. */
function leaveOut(obstacle: string, isEnforced: boolean): AnalysisAnswer {
  return isEnforced ? { ...SILENCE, warnings: [notAnalyzed(obstacle)] } : SILENCE;
}

function notAnalyzed(cause: string): Printable {
  return { path: '', message: `not analyzed together with other resources: ${cause}` };
}

/** Whether more may be seen soon that makes a message untrue: what is missing, or no longer contradicts. */
function mayPass(found: Message): boolean {
  return found.needs !== undefined || levelOf(found) === 'Error';
}

function printable({ code, path, text, needs }: Message, ifMissing: string): Printable {
  return { path, message: `${code} ${text}${needs ? ifMissing : ''}` };
}
