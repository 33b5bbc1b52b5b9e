import { analyzeChange, isAnalyzedAtAdmission } from '../../core/analyze/admission/analyze-change.ts';
import { LOOKED_UP, reduceResource } from '../../core/analyze/admission/reduce-resource.ts';
import { KIND, kindRefOf } from '../../core/analyze/kinds.ts';
import { meshOfConfigMaps } from '../../core/analyze/mesh-of-config-maps.ts';
import type { Message } from '../../core/analyze/messages.ts';
import { friendlyName, type Resource } from '../../core/analyze/resource.ts';
import { resourceOf } from '../../core/analyze/world-from-objects.ts';
import { MutableWorld } from '../../core/analyze/world.ts';
import { bareObject, objectKey, refOf, type JsonObject, type KubeObject } from '../../core/kube-object.ts';
import { Informer, type InformerEvent } from '../../kube/informer.ts';
import type { WatchApi } from '../../kube/watch-api.ts';
import type { Log } from '../../telemetry/log.ts';
import type { Printable } from './print-findings.ts';

/** Label of a namespace: `enforce` refuses what analysis calls an error, `off` is silent; else mistakes are warnings. */
export const ANALYSIS_LABEL = 'sailwright.dev/analysis';

/** What analysis says of one resource that is to be stored. */
export interface AnalysisAnswer {
  /** Refuse it, if there are any. */
  errors: Printable[];
  warnings: Printable[];
}

/** A resource that was found valid by itself, with its spec if that could be decoded. */
export interface ValidObject {
  object: JsonObject;
  spec?: JsonObject | undefined;
}

/** Judges a resource together with those that are stored. */
export interface AdmissionAnalysis {
  judge(candidate: ValidObject, previous?: JsonObject | null): AnalysisAnswer;
}

export interface AdmissionAnalyzerOptions {
  api: WatchApi;
  log: Log;
  /** Namespaces with their labels, which others watch too. */
  namespaces: Informer;
  /** The ConfigMaps of control planes, which others watch too. */
  configMaps: Informer;
  istioNamespace?: string;
}

const SILENCE: AnalysisAnswer = { errors: [], warnings: [] };
/** Characters of a spec. Larger ones are left to the analysis in the background: nobody waits for that. */
const MAX_SPEC = 128 * 1024;
const NO_SURROUNDINGS = { now: 0, readCertificate: () => undefined };

/**
 * Knows by watching what is stored, reduced to what analyzers look up, so that no admission reads the API. Pods and
 * Secrets are not watched: they come and go, and are left to the analysis in the background.
 */
export class AdmissionAnalyzer implements AdmissionAnalysis {
  readonly #log: Log;
  readonly #namespaces: Informer;
  readonly #configMaps: Informer;
  readonly #istioNamespace: string;
  /** Of this object alone; those of the options belong to others. */
  readonly informers: readonly Informer[];
  readonly #world = new MutableWorld([], NO_SURROUNDINGS);
  readonly #stored = new Map<string, Resource>();
  #mesh: readonly Resource[] = [];

  constructor({ api, log, namespaces, configMaps, istioNamespace = 'istio-system' }: AdmissionAnalyzerOptions) {
    this.#log = log;
    this.#namespaces = namespaces;
    this.#configMaps = configMaps;
    this.#istioNamespace = istioNamespace;
    this.informers = LOOKED_UP.filter((kind) => kind !== KIND.namespace).map(
      (kind) => new Informer({ api, log, kind: kindRefOf(kind), slim: holdReduced }),
    );
    for (const informer of [...this.informers, namespaces]) informer.subscribe((event) => this.#onResource(event));
    configMaps.subscribe(() => this.#readMesh());
  }

  start(): void {
    for (const informer of this.informers) informer.start();
  }

  async stop(): Promise<void> {
    await Promise.all(this.informers.map((informer) => informer.stop()));
  }

  judge({ object, spec }: ValidObject, previous?: JsonObject | null): AnalysisAnswer {
    const resource = resourceOf({ value: object, spec, origin: {} }, '');
    if (!resource || !isAnalyzedAtAdmission(resource.kind)) return SILENCE;
    const mode = this.#modeOf(resource.namespace);
    if (mode === 'off') return SILENCE;
    const isEnforced = mode === 'enforce';
    const obstacle = this.#findObstacle(resource);
    if (obstacle !== undefined) return isEnforced ? { errors: [], warnings: [notAnalyzed(obstacle)] } : SILENCE;
    try {
      const readPrevious = (): Resource | undefined =>
        previous ? resourceOf({ value: previous, origin: {} }, '') : undefined;
      const { errors, warnings } = analyzeChange(this.#world, { resource, readPrevious });
      if (isEnforced) return { errors: errors.map(printable), warnings: warnings.map(printable) };
      return { errors: [], warnings: [...errors, ...warnings].map(printable) };
    } catch (error) {
      // A fault of ours in what is only advice must not keep anybody from writing.
      this.#log.error({ error, resource: friendlyName(resource) }, 'a resource could not be analyzed');
      return { errors: [], warnings: [notAnalyzed('the operator failed; its log says how')] };
    }
  }

  #modeOf(namespace: string): string | undefined {
    return this.#namespaces.get({ name: namespace })?.metadata.labels?.[ANALYSIS_LABEL];
  }

  /** Why a resource cannot be judged. */
  #findObstacle({ spec }: Resource): string | undefined {
    const unread = [...this.informers, this.#namespaces, this.#configMaps].filter(({ hasSynced }) => !hasSynced);
    if (unread.length > 0) {
      return `not read yet: ${unread.map(({ kind }) => kind.kind).join(', ')}`;
    }
    return JSON.stringify(spec).length > MAX_SPEC ? `its spec is larger than ${MAX_SPEC} characters` : undefined;
  }

  #onResource({ type, object }: InformerEvent): void {
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

function notAnalyzed(cause: string): Printable {
  return { path: '', message: `not analyzed together with other resources: ${cause}` };
}

function printable({ code, path, text }: Message): Printable {
  return { path, message: `${code} ${text}` };
}
