import { objectKey, refOf, type KubeObject, type ObjectRef } from '../core/kube-object.ts';
import { systemClock, type Clock } from '../runtime/clock.ts';
import { kindNotServed } from './errors.ts';
import type { Informer } from './informer.ts';
import { hasLabels, parseLabelTerms, type LabelTerms } from './label-terms.ts';
import type { ApplyOptions, DeleteOptions, KindRef, KubeApi, PatchType, ReadOptions } from './kube-api.ts';

/** An informer of whole objects, with what it selects. */
export interface Picture {
  informer: Pick<Informer, 'kind' | 'hasSynced' | 'isHealthy' | 'isServed' | 'skipped' | 'get' | 'list' | 'subscribe'>;
  /** `name=value`; absent when it selects everything. */
  labelSelector?: string;
}

/** What this process wrote last to an object, until the informer has seen as much. */
interface OwnWrite {
  kind: string;
  at: number;
  uid: unknown;
  version: bigint;
  /** Undefined after a deletion. */
  object: KubeObject | undefined;
}

/** No informer lags behind for longer: a write that it was never told of has been undone since. */
const LONGEST_LAG_MS = 60_000;
const VERSION_KNOWN_MS = 10 * 60_000;

/**
 * Answers reads from informers, as far as their picture is complete and not older than what this process wrote itself;
 * all else is asked of the API server. So a pass that finds nothing to do asks for nothing, and one that goes on after
 * an error does not begin with reading everything again.
 */
export class InformedApi implements KubeApi {
  /** The same with every read straight from the API server. */
  readonly live: KubeApi;
  readonly #api: KubeApi;
  readonly #pictures: readonly Picture[];
  readonly #clock: Clock;
  readonly #own = new Map<string, OwnWrite>();
  /** Resource versions are numbers that grow, as Kubernetes promises by now; else nothing can be compared. */
  #isComparable = true;
  #serverVersion: { text: string; at: number } | undefined;

  constructor(api: KubeApi, pictures: readonly Picture[], clock: Clock = systemClock) {
    this.#api = api;
    this.#pictures = pictures;
    this.#clock = clock;
    for (const { informer } of pictures) {
      informer.subscribe(({ type, object }) => this.#noteSeen(object, type === 'deleted'));
    }
    this.live = this.#createLive();
  }

  async get(ref: ObjectRef): Promise<KubeObject | undefined> {
    const picture = this.#findPictures(ref)[0];
    if (!picture) return this.#api.get(ref);
    const own = this.#ownWriteOf(objectKey(ref));
    const seen = picture.informer.get(ref);
    if (own && !(seen && isAsNew(seen, own))) return own.object ?? this.#api.get(ref);
    // What an informer does not select may be there all the same.
    return seen ?? this.#api.get(ref);
  }

  async list(kind: KindRef, options: ReadOptions = {}): Promise<{ items: KubeObject[]; resourceVersion: string }> {
    const { namespace, labelSelector = '', fieldSelector, metadataOnly, reduce = (object) => object } = options;
    const terms = fieldSelector === undefined && !metadataOnly ? parseLabelTerms(labelSelector) : undefined;
    const picture = terms && this.#findPictures(kind).find((candidate) => covers(candidate, terms));
    // Its informer asks again by itself whether the kind is served by now.
    if (this.#known(kind).some(({ informer }) => !informer.isServed)) throw kindNotServed(kind);
    if (!terms || !picture) return this.#api.list(kind, options);
    const items = this.#overlay(kind, picture.informer.list())
      .filter(({ metadata }) => namespace === undefined || metadata.namespace === namespace)
      .filter((object) => hasLabels(object, terms))
      .flatMap((object) => reduce(object) ?? []);
    return { items, resourceVersion: '' };
  }

  async create(object: KubeObject, options: { dryRun?: boolean } = {}): Promise<KubeObject> {
    return this.#note(await this.#api.create(object, options), options.dryRun);
  }

  async apply(object: KubeObject, options: ApplyOptions): Promise<KubeObject> {
    return this.#note(await this.#api.apply(object, options), options.dryRun);
  }

  async patch(
    ref: ObjectRef,
    patch: unknown,
    options: { type: PatchType; fieldManager: string; subresource?: string },
  ): Promise<KubeObject> {
    return this.#note(await this.#api.patch(ref, patch, options));
  }

  async replace(object: KubeObject, options: { fieldManager: string; subresource?: string }): Promise<KubeObject> {
    return this.#note(await this.#api.replace(object, options));
  }

  async delete(ref: ObjectRef, options: DeleteOptions = {}): Promise<'deleted' | 'absent'> {
    const before = this.#uidSeen(ref);
    const result = await this.#api.delete(ref, options);
    const key = objectKey(ref);
    const after = this.#uidSeen(ref);
    const uid = options.uid ?? after ?? before;
    const isSeen = before === uid && after !== uid;
    if (uid === undefined || isSeen) this.#own.delete(key);
    else this.#own.set(key, { kind: kindKey(ref), at: this.#clock.monotonic(), uid, version: 0n, object: undefined });
    return result;
  }

  scopeOf(kind: KindRef): Promise<'Namespaced' | 'Cluster' | undefined> {
    return this.#api.scopeOf(kind);
  }

  /** Asked again from time to time: an API server is upgraded now and then. */
  async serverVersion(): Promise<string> {
    const now = this.#clock.monotonic();
    if (this.#serverVersion && now - this.#serverVersion.at < VERSION_KNOWN_MS) return this.#serverVersion.text;
    const text = await this.#api.serverVersion();
    this.#serverVersion = { text, at: now };
    return text;
  }

  /** How many of this process's writes the informers have not shown yet. */
  get unseen(): number {
    return this.#own.size;
  }

  #uidSeen(ref: ObjectRef): unknown {
    return this.#findPictures(ref)[0]?.informer.get(ref)?.metadata['uid'];
  }

  #createLive(): KubeApi {
    return {
      get: (ref) => this.#api.get(ref),
      list: (kind, options) => this.#api.list(kind, options),
      create: (object, options) => this.create(object, options),
      apply: (object, options) => this.apply(object, options),
      patch: (ref, patch, options) => this.patch(ref, patch, options),
      replace: (object, options) => this.replace(object, options),
      delete: (ref, options) => this.delete(ref, options),
      scopeOf: (kind) => this.#api.scopeOf(kind),
      serverVersion: () => this.#api.serverVersion(),
    };
  }

  /** Of the kind, as far as they can be relied on. */
  #findPictures(kind: KindRef): Picture[] {
    return this.#known(kind).filter(({ informer }) => informer.isServed && informer.skipped === 0);
  }

  /** Of the kind, as far as they are up to date. */
  #known(kind: KindRef): Picture[] {
    if (!this.#isComparable) return [];
    return this.#pictures.filter(
      ({ informer }) => kindKey(informer.kind) === kindKey(kind) && informer.hasSynced && informer.isHealthy,
    );
  }

  /** The objects of the kind as this process has written them since. */
  #overlay(kind: KindRef, seen: KubeObject[]): KubeObject[] {
    const written = [...this.#own.keys()].flatMap((key): [string, OwnWrite][] => {
      const own = this.#ownWriteOf(key);
      return own?.kind === kindKey(kind) ? [[key, own]] : [];
    });
    if (written.length === 0) return seen;
    const objects = new Map(seen.map((object) => [objectKey(refOf(object)), object]));
    for (const [key, own] of written) {
      const known = objects.get(key);
      if (known && isAsNew(known, own)) continue;
      if (own.object) objects.set(key, own.object);
      else objects.delete(key);
    }
    return [...objects.values()];
  }

  #ownWriteOf(key: string): OwnWrite | undefined {
    const own = this.#own.get(key);
    if (!own || this.#clock.monotonic() - own.at < LONGEST_LAG_MS) return own;
    this.#own.delete(key);
    return undefined;
  }

  #note(object: KubeObject, dryRun = false): KubeObject {
    const isWatched = this.#pictures.some(({ informer }) => kindKey(informer.kind) === kindKey(object));
    if (dryRun || !isWatched) return object;
    const version = versionOf(object);
    if (version === undefined) {
      this.#isComparable = false;
      this.#own.clear();
      return object;
    }
    const ref = refOf(object);
    const own = { kind: kindKey(object), at: this.#clock.monotonic(), uid: object.metadata.uid, version, object };
    const seen = this.#findPictures(ref)[0]?.informer.get(ref);
    // The watch may be quicker than the answer; then nothing would come to end what is kept here.
    if (seen && isAsNew(seen, own)) this.#own.delete(objectKey(ref));
    else this.#own.set(objectKey(ref), own);
    return object;
  }

  #noteSeen(object: KubeObject, isGone: boolean): void {
    const key = objectKey(refOf(object));
    const own = this.#own.get(key);
    if (!own) return;
    const isSame = own.uid === object.metadata['uid'];
    if (isGone ? isSame : isAsNew(object, own)) this.#own.delete(key);
  }
}

/** Whether the informer's object shows at least what this process wrote; another one of the same name shows more. */
function isAsNew(seen: KubeObject, own: OwnWrite): boolean {
  const version = versionOf(seen);
  if (own.object === undefined) return seen.metadata['uid'] !== own.uid;
  return version !== undefined && version >= own.version;
}

function versionOf({ metadata }: KubeObject): bigint | undefined {
  const version = metadata['resourceVersion'];
  return typeof version === 'string' && /^\d{1,20}$/.test(version) ? BigInt(version) : undefined;
}

function kindKey({ apiVersion, kind }: KindRef): string {
  return `${apiVersion}/${kind}`;
}

/** Whether all that the terms select is in the picture. */
function covers({ labelSelector = '' }: Picture, wanted: LabelTerms): boolean {
  const pictured = parseLabelTerms(labelSelector);
  return pictured?.every(([name, value]) => wanted.some((term) => term[0] === name && term[1] === value)) ?? false;
}
