import {
  groupOf,
  isJsonObject,
  objectKey,
  refOf,
  type KubeObject,
  type ObjectRef,
} from '../../src/core/kube-object.ts';
import { ApiError, CLIENT_REASONS } from '../../src/kube/errors.ts';
import type {
  ApplyOptions,
  DeleteOptions,
  KindRef,
  KubeApi,
  ListOptions,
  ReadOptions,
} from '../../src/kube/kube-api.ts';
import type { ListVisitor, WatchApi, WatchEvent, WatchOptions } from '../../src/kube/watch-api.ts';

/** One call that a test may let fail. */
export interface FakeCall {
  verb: 'get' | 'list' | 'watch' | 'create' | 'apply' | 'patch' | 'replace' | 'delete';
  kind: string;
  name?: string;
}

interface Watcher {
  kind: KindRef;
  options: ListOptions;
  push: (event: WatchEvent) => void;
  end: (error?: Error) => void;
}

/** An API server in memory: resource versions, conflicts of replace, and watches; apply is a plain deep merge. */
export class FakeKubeApi implements KubeApi, WatchApi {
  /** Returns (or resolves with) an error to fail the call, nothing to let it pass. */
  fault: (call: FakeCall) => Error | undefined | Promise<Error | undefined> = () => undefined;
  /** Every mutating call that passed. */
  readonly writes: FakeCall[] = [];
  /** Kinds that are not served. */
  readonly unserved = new Set<string>();
  /** Kinds without a namespace. */
  readonly clusterScoped = new Set<string>(['Namespace', 'ClusterRole', 'ClusterRoleBinding']);
  readonly #objects = new Map<string, KubeObject>();
  readonly #watchers = new Set<Watcher>();
  #version = 0;
  #held: WatchEvent[] | undefined;

  /** Puts an object in place as another client would. */
  seed(object: KubeObject): KubeObject {
    return this.#store(object);
  }

  /** Takes an object away as another client would. */
  remove(ref: ObjectRef): void {
    const object = this.#objects.get(objectKey(ref));
    if (!object) return;
    this.#objects.delete(objectKey(ref));
    this.#version += 1;
    const metadata = { ...object.metadata, resourceVersion: String(this.#version) };
    this.#notify({ type: 'DELETED', object: { ...object, metadata } });
  }

  /** Ends all watches: in good order, or with an error. */
  endWatches(error?: Error): void {
    for (const watcher of [...this.#watchers]) watcher.end(error);
  }

  get watchCount(): number {
    return this.#watchers.size;
  }

  async get(ref: ObjectRef): Promise<KubeObject | undefined> {
    await this.#pass({ verb: 'get', kind: ref.kind, name: ref.name });
    const found = this.#objects.get(objectKey(ref));
    return found && structuredClone(found);
  }

  async list(kind: KindRef, options: ReadOptions = {}): Promise<{ items: KubeObject[]; resourceVersion: string }> {
    const { reduce = (object) => object } = options;
    const items: KubeObject[] = [];
    const visit = (object: KubeObject): void =>
      void items.push(...[reduce(object)].filter((kept) => kept !== undefined));
    const { resourceVersion } = await this.visit(kind, options, {
      begin: () => undefined,
      visit,
      skip: () => undefined,
    });
    return { items, resourceVersion };
  }

  async visit(kind: KindRef, options: ListOptions, visitor: ListVisitor): Promise<{ resourceVersion: string }> {
    await this.#pass({ verb: 'list', kind: kind.kind });
    this.#mustServe(kind);
    const items = [...this.#objects.values()].filter((object) => isOfKind(object, kind) && isSelected(object, options));
    visitor.begin();
    for (const item of structuredClone(items)) visitor.visit(item);
    return { resourceVersion: String(this.#version) };
  }

  async watch(kind: KindRef, options: WatchOptions): Promise<AsyncIterable<WatchEvent>> {
    await this.#pass({ verb: 'watch', kind: kind.kind });
    this.#mustServe(kind);
    const queue: WatchEvent[] = [];
    let finished: { error?: Error | undefined } | undefined;
    let wake = (): void => undefined;
    const watcher: Watcher = {
      kind,
      options,
      push: (event) => {
        queue.push(event);
        wake();
      },
      end: (error) => {
        this.#watchers.delete(watcher);
        finished = { error };
        wake();
      },
    };
    this.#watchers.add(watcher);
    options.signal.addEventListener('abort', () => watcher.end());
    async function* read(): AsyncGenerator<WatchEvent> {
      for (;;) {
        for (let event = queue.shift(); event; event = queue.shift()) yield event;
        if (finished?.error) throw finished.error;
        if (finished) return;
        await new Promise<void>((resolve) => (wake = resolve));
      }
    }
    return read();
  }

  async create(object: KubeObject, options: { dryRun?: boolean } = {}): Promise<KubeObject> {
    await this.#pass({ verb: 'create', kind: object.kind, name: object.metadata.name }, !options.dryRun);
    this.#mustServe(object);
    if (this.#objects.has(objectKey(refOf(object)))) throw refused(409, 'AlreadyExists');
    if (options.dryRun) return structuredClone(object);
    return this.#store(object);
  }

  async apply(object: KubeObject, options: ApplyOptions): Promise<KubeObject> {
    await this.#pass({ verb: 'apply', kind: object.kind, name: object.metadata.name }, !options.dryRun);
    this.#mustServe(object);
    const merged = deepMerge(this.#objects.get(objectKey(refOf(object))) ?? {}, object) as unknown as KubeObject;
    return options.dryRun ? merged : this.#store(merged);
  }

  async patch(ref: ObjectRef, patch: unknown): Promise<KubeObject> {
    await this.#pass({ verb: 'patch', kind: ref.kind, name: ref.name }, true);
    const live = this.#objects.get(objectKey(ref));
    if (!live) throw refused(404, 'NotFound');
    return this.#store(deepMerge(live, patch) as unknown as KubeObject);
  }

  async replace(object: KubeObject): Promise<KubeObject> {
    await this.#pass({ verb: 'replace', kind: object.kind, name: object.metadata.name }, true);
    const live = this.#objects.get(objectKey(refOf(object)));
    if (!live) throw refused(404, 'NotFound');
    const version = object.metadata['resourceVersion'];
    if (version !== undefined && version !== live.metadata['resourceVersion']) throw refused(409, 'Conflict');
    return this.#store(object);
  }

  async delete(ref: ObjectRef, options: DeleteOptions = {}): Promise<'deleted' | 'absent'> {
    await this.#pass({ verb: 'delete', kind: ref.kind, name: ref.name }, true);
    const live = this.#objects.get(objectKey(ref));
    if (!live || (options.uid && options.uid !== live.metadata['uid'])) return 'absent';
    const { resourceVersion = live.metadata['resourceVersion'] } = options;
    if (resourceVersion !== live.metadata['resourceVersion']) throw refused(409, 'Conflict');
    this.remove(ref);
    return 'deleted';
  }

  scopeOf(kind: KindRef): Promise<'Namespaced' | 'Cluster' | undefined> {
    if (this.unserved.has(kind.kind)) return Promise.resolve(undefined);
    return Promise.resolve(this.clusterScoped.has(kind.kind) ? 'Cluster' : 'Namespaced');
  }

  serverVersion(): Promise<string> {
    return Promise.resolve('v1.36.3');
  }

  async #pass(call: FakeCall, isWrite = false): Promise<void> {
    const error = await this.fault(call);
    if (error) throw error;
    if (isWrite) this.writes.push(call);
  }

  #mustServe(kind: KindRef): void {
    if (this.unserved.has(kind.kind)) throw refused(404, CLIENT_REASONS.kindNotServed);
  }

  #store(object: KubeObject): KubeObject {
    const key = objectKey(refOf(object));
    const live = this.#objects.get(key);
    this.#version += 1;
    const resourceVersion = String(this.#version);
    const uid = live?.metadata['uid'] ?? `uid-${resourceVersion}`;
    const stored = structuredClone({ ...object, metadata: { ...object.metadata, uid, resourceVersion } });
    this.#objects.set(key, stored);
    this.#notify({ type: live ? 'MODIFIED' : 'ADDED', object: stored });
    return structuredClone(stored);
  }

  /** From now on what changes is told to nobody: events are on their way. */
  hold(): void {
    this.#held ??= [];
  }

  /** The oldest events that are held arrive; without a count all of them, and those that come later. */
  release(count = Infinity): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const event of held.splice(0, count)) this.#notify(event);
    if (count !== Infinity) this.#held = held;
  }

  #notify(event: WatchEvent): void {
    if (this.#held) {
      this.#held.push(structuredClone(event));
      return;
    }
    for (const watcher of this.#watchers) {
      if (isOfKind(event.object, watcher.kind) && isSelected(event.object, watcher.options)) {
        watcher.push(structuredClone(event));
      }
    }
  }
}

/** An answer of the API server that refuses. */
export function refused(status: number, reason: string): ApiError {
  return new ApiError({ status, reason, message: `fake: ${reason}` });
}

/** No answer at all. */
export function unreachable(): ApiError {
  return new ApiError({ status: 0, reason: CLIENT_REASONS.connectionFailed, message: 'fake: connection refused' });
}

/** In any version of its group. */
function isOfKind({ apiVersion, kind }: KubeObject, wanted: KindRef): boolean {
  return kind === wanted.kind && groupOf(apiVersion) === groupOf(wanted.apiVersion);
}

function isSelected(object: KubeObject, { namespace, labelSelector, fieldSelector }: ListOptions): boolean {
  if (namespace && object.metadata.namespace !== namespace) return false;
  const name = /^metadata\.name=(.*)$/.exec(fieldSelector ?? '')?.[1];
  if (name !== undefined && object.metadata.name !== name) return false;
  return matchesLabels(object, labelSelector);
}

function matchesLabels(object: KubeObject, selector: string | undefined): boolean {
  return (selector ?? '').split(',').every((term) => {
    const [name = '', value] = term.split('=');
    const actual = object.metadata.labels?.[name];
    return term === '' || (value === undefined ? actual !== undefined : actual === value);
  });
}

function deepMerge(live: unknown, patch: unknown): Record<string, unknown> {
  const merged: Record<string, unknown> = isJsonObject(live) ? { ...live } : {};
  for (const [field, value] of Object.entries(patch as Record<string, unknown>)) {
    if (value === null) delete merged[field];
    else merged[field] = isJsonObject(value) ? deepMerge(merged[field], value) : value;
  }
  return merged;
}
