import type { KubeConfig } from '@kubernetes/client-node';
import { FIELD_MANAGER } from '../api/our-names.ts';
import { displayName, isJsonObject, objectKey, refOf, type KubeObject, type ObjectRef } from '../core/kube-object.ts';
import { Discovery, versionPath, type ServedKind } from './discovery.ts';
import {
  ApiError,
  CLIENT_REASONS,
  isConflict,
  isKindNotServed,
  isNotFound,
  isTooManyRequests,
  kindNotServed,
  LeadershipLost,
} from './errors.ts';
import type {
  ApplyOptions,
  DeleteOptions,
  EvictionApi,
  KindRef,
  KubeApi,
  ListOptions,
  PatchType,
  ReadOptions,
} from './kube-api.ts';
import { loadKubeConfig } from './kube-config.ts';
import { readPages, type PageEnd, type PageRequest } from './list-pages.ts';
import { acceptOf, PageReader } from './page-reader.ts';
import { Transport, type ApiRequest } from './transport.ts';
import type { ListVisitor, WatchApi, WatchEvent, WatchOptions } from './watch-api.ts';
import { readWatchEvents } from './watch-stream.ts';

export { KubeConfigError, loadKubeConfig } from './kube-config.ts';

export type WriteVerb = 'create' | 'apply' | 'patch' | 'replace' | 'delete';

/** One mutating request that was answered or broke; dry runs are not counted. */
export interface WriteRecord {
  verb: WriteVerb;
  ref: ObjectRef;
  subresource?: string;
  ok: boolean;
}

/** What may differ between two views of one client. */
export interface ClientScope {
  /** Asked before every mutating request, retries included; false makes it fail with LeadershipLost. */
  canWrite?: () => boolean;
  /** Hears of every mutating request; for metrics. */
  onWrite?: (write: WriteRecord) => void;
  /** Ends all requests when aborted. */
  signal?: AbortSignal;
  /** Asked at every request: ends it when aborted, e.g. when this replica no longer leads. */
  term?: () => AbortSignal | undefined;
  /** For one request, instead of the client's. */
  timeoutMs?: number;
}

export interface KubeClientOptions extends ClientScope {
  /** By default what KUBECONFIG, ~/.kube/config or the pod's ServiceAccount give. */
  kubeConfig?: KubeConfig;
  /** Version of this program, for the User-Agent. */
  version: string;
  /** For one request; 30 seconds unless told. A watch has this limit only until it is accepted. */
  timeoutMs?: number;
  /** 64 MiB unless told; for one object. */
  maxResponseBytes?: number;
  /**
   * For how long requests are repeated that fail and do no harm; 3 seconds unless told, since somebody may wait for
   * the answer. When the API server says when to come back, that counts.
   */
  patienceMs?: number;
}

const PATCH_CONTENT_TYPES: Record<PatchType, string> = {
  merge: 'application/merge-patch+json',
  json: 'application/json-patch+json',
  strategic: 'application/strategic-merge-patch+json',
};
/** A page that is larger is asked for again with fewer objects. */
const MAX_PAGE_BYTES = 32 * 1024 * 1024;
/** Kinds that are only answered: nothing is stored. */
const QUESTIONS = 'authorization.k8s.io/';
const DEFAULT_TIMEOUT_MS = 30_000;
const DEFAULT_PATIENCE_MS = 3_000;
const DEFAULT_MAX_BYTES = 64 * 1024 * 1024;

interface Parts {
  transport: Transport;
  discovery: Discovery;
}

interface Write {
  verb: WriteVerb;
  ref: ObjectRef;
  subresource?: string | undefined;
  dryRun?: boolean | undefined;
}

/** Connects to the API server: loads the configuration, sends nothing yet. */
export function createKubeClient(options: KubeClientOptions): KubeClient {
  const kubeConfig = options.kubeConfig ?? loadKubeConfig();
  const maxResponseBytes = options.maxResponseBytes ?? DEFAULT_MAX_BYTES;
  const transport = new Transport(kubeConfig, {
    userAgent: `sailwright/${options.version}`,
    timeoutMs: options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    maxResponseBytes,
    patienceMs: options.patienceMs ?? DEFAULT_PATIENCE_MS,
  });
  const discovery = new Discovery((path) => transport.fetchJson({ method: 'GET', path }));
  const { canWrite, onWrite, signal } = options;
  return new KubeClient(
    { transport, discovery },
    { ...(canWrite && { canWrite }), ...(onWrite && { onWrite }), ...(signal && { signal }) },
  );
}

/** The API server over plain JSON. Views made by `scoped` share connections and discovery. */
export class KubeClient implements KubeApi, WatchApi, EvictionApi {
  readonly #parts: Parts;
  readonly #scope: ClientScope;

  constructor(parts: Parts, scope: ClientScope) {
    this.#parts = parts;
    this.#scope = scope;
  }

  /** The same client with other guards; what `scope` leaves out stays as it is. */
  scoped(scope: ClientScope): KubeClient {
    return new KubeClient(this.#parts, { ...this.#scope, ...scope });
  }

  /** Closes idle connections. */
  close(): void {
    this.#parts.transport.close();
  }

  async get(ref: ObjectRef): Promise<KubeObject | undefined> {
    try {
      return await this.#fetch(ref, { method: 'GET', path: await this.#objectPath(ref) });
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  async list(kind: KindRef, options: ReadOptions = {}): Promise<{ items: KubeObject[]; resourceVersion: string }> {
    const { reduce = (object) => object, ...selection } = options;
    const items = new Map<string, KubeObject>();
    const { resourceVersion } = await this.visit(kind, selection, {
      begin: () => items.clear(),
      visit: (object) => {
        const kept = reduce(object);
        if (kept) items.set(objectKey(refOf(object)), kept);
      },
      skip: (object) => {
        throw tooLarge(`${kind.kind} ${object.namespace ?? '?'}/${object.name ?? '?'} has ${object.bytes} bytes`);
      },
    });
    return { items: [...items.values()], resourceVersion };
  }

  async visit(kind: KindRef, options: ListOptions, visitor: ListVisitor): Promise<{ resourceVersion: string }> {
    const path = await this.#collectionPath(kind, options.namespace);
    const readPage = async ({ limit, token }: PageRequest): Promise<PageEnd> => {
      const query = { ...selectors(options), limit: limit === undefined ? undefined : String(limit), continue: token };
      const accept = acceptOf(options, 'PartialObjectMetadataList');
      const request: ApiRequest = { method: 'GET', path, query, accept, ...this.#limits() };
      const maxBytes = limit === undefined || limit === 1 ? Infinity : MAX_PAGE_BYTES;
      try {
        const page = await this.#parts.transport.fetchPieces(request, () => new PageReader(kind, maxBytes, visitor));
        return page.end();
      } catch (error) {
        throw await this.#explain(error, kind);
      }
    };
    return { resourceVersion: await readPages(readPage, () => visitor.begin()) };
  }

  async watch(kind: KindRef, options: WatchOptions): Promise<AsyncIterable<WatchEvent>> {
    const { timeoutSeconds, resourceVersion } = options;
    const request: ApiRequest = {
      method: 'GET',
      path: await this.#collectionPath(kind, options.namespace),
      query: {
        ...selectors(options),
        watch: 'true',
        allowWatchBookmarks: 'true',
        resourceVersion,
        timeoutSeconds: String(timeoutSeconds),
      },
      accept: acceptOf(options, 'PartialObjectMetadata'),
      ...this.#limits(options.signal),
    };
    try {
      const response = await this.#parts.transport.openStream(request);
      return readWatchEvents(response, request, kind);
    } catch (error) {
      throw await this.#explain(error, kind);
    }
  }

  async create(object: KubeObject, options: { dryRun?: boolean } = {}): Promise<KubeObject> {
    const ref = refOf(object);
    const path = await this.#collectionPath(ref, ref.namespace, true);
    const { dryRun } = options;
    const query = { fieldManager: FIELD_MANAGER, dryRun: dryRun ? 'All' : undefined };
    const idempotent = dryRun === true || ref.apiVersion.startsWith(QUESTIONS);
    return this.#write({ verb: 'create', ref, dryRun }, { method: 'POST', path, query, body: object, idempotent });
  }

  async apply(object: KubeObject, options: ApplyOptions): Promise<KubeObject> {
    const ref = refOf(object);
    // The API server refuses an apply that carries managed fields.
    const { managedFields: _, ...metadata } = object.metadata;
    return this.#write(
      { verb: 'apply', ref, dryRun: options.dryRun },
      {
        method: 'PATCH',
        path: await this.#objectPath(ref),
        query: {
          fieldManager: options.fieldManager,
          force: options.force ? 'true' : undefined,
          dryRun: options.dryRun ? 'All' : undefined,
        },
        // JSON is YAML.
        contentType: 'application/apply-patch+yaml',
        body: { ...object, metadata },
        idempotent: true,
      },
    );
  }

  async patch(
    ref: ObjectRef,
    patch: unknown,
    options: { type: PatchType; fieldManager: string; subresource?: string },
  ): Promise<KubeObject> {
    const { type, fieldManager, subresource } = options;
    return this.#write(
      { verb: 'patch', ref, subresource },
      {
        method: 'PATCH',
        path: await this.#objectPath(ref, subresource),
        query: { fieldManager },
        body: patch,
        contentType: PATCH_CONTENT_TYPES[type],
        idempotent: type === 'json' ? isBound(patch) || setsMembersOnly(patch) : type === 'merge',
      },
    );
  }

  async replace(object: KubeObject, options: { fieldManager: string; subresource?: string }): Promise<KubeObject> {
    const ref = refOf(object);
    const { fieldManager, subresource } = options;
    const path = await this.#objectPath(ref, subresource);
    return this.#write(
      { verb: 'replace', ref, subresource },
      { method: 'PUT', path, query: { fieldManager }, body: object },
    );
  }

  async delete(ref: ObjectRef, options: DeleteOptions = {}): Promise<'deleted' | 'absent'> {
    const { uid, resourceVersion, propagation: propagationPolicy = 'Background' } = options;
    const preconditions = { ...(uid ? { uid } : {}), ...(resourceVersion ? { resourceVersion } : {}) };
    const body = { apiVersion: 'v1', kind: 'DeleteOptions', propagationPolicy, preconditions };
    try {
      const path = await this.#objectPath(ref);
      await this.#write({ verb: 'delete', ref }, { method: 'DELETE', path, body, idempotent: true });
      return 'deleted';
    } catch (error) {
      if (isNotFound(error) || (uid && isOtherUid(error))) return 'absent';
      throw error;
    }
  }

  async evict(pod: ObjectRef, { uid }: { uid: string }): Promise<'evicted' | 'refused' | 'absent'> {
    const { name, namespace } = pod;
    const metadata = { name, namespace };
    const body = { apiVersion: 'policy/v1', kind: 'Eviction', metadata, deleteOptions: { preconditions: { uid } } };
    try {
      const path = await this.#objectPath(pod, 'eviction');
      // A budget turns it away with 429: whoever asks looks again, and does not wait here.
      const request: ApiRequest = { method: 'POST', path, body, isFinal: true };
      await this.#write({ verb: 'create', ref: pod, subresource: 'eviction' }, request);
      return 'evicted';
    } catch (error) {
      if (isTooManyRequests(error)) return 'refused';
      if (isNotFound(error) || isOtherUid(error)) return 'absent';
      throw error;
    }
  }

  async scopeOf(kind: KindRef): Promise<'Namespaced' | 'Cluster' | undefined> {
    const served = await this.#parts.discovery.fetchKind(kind);
    return served && (served.namespaced ? 'Namespaced' : 'Cluster');
  }

  async serverVersion(): Promise<string> {
    const answer = await this.#parts.transport.fetchJson({
      method: 'GET',
      path: '/version',
      ...this.#limits(),
    });
    return isJsonObject(answer) && typeof answer['gitVersion'] === 'string' ? answer['gitVersion'] : 'unknown';
  }

  async #write(write: Write, request: ApiRequest): Promise<KubeObject> {
    const { verb, ref, subresource, dryRun } = write;
    if (dryRun) return this.#fetch(ref, request);
    const beforeAttempt = (): void => {
      if (this.#scope.canWrite?.() === false) throw new LeadershipLost(`${verb} ${displayName(ref)}`);
    };
    beforeAttempt();
    let ok = false;
    try {
      const answer = await this.#fetch(ref, { ...request, beforeAttempt });
      ok = true;
      return answer;
    } finally {
      this.#scope.onWrite?.({ verb, ref, ok, ...(subresource ? { subresource } : {}) });
    }
  }

  async #fetch(kind: KindRef, request: ApiRequest): Promise<KubeObject> {
    try {
      const answer = await this.#parts.transport.fetchJson({ ...this.#limits(), ...request });
      if (isJsonObject(answer)) return answer as unknown as KubeObject;
    } catch (error) {
      throw await this.#explain(error, kind);
    }
    const message = `${request.method} ${request.path}: the answer is not an object`;
    throw new ApiError({ status: 0, reason: CLIENT_REASONS.badAnswer, message });
  }

  /** A path that is unknown although its kind was served: discovery, asked anew, says whether the kind is gone. */
  async #explain(error: unknown, kind: KindRef): Promise<unknown> {
    if (!isKindNotServed(error)) return error;
    this.#parts.discovery.forget(kind.apiVersion);
    try {
      if (!(await this.#parts.discovery.fetchKind(kind))) return error;
    } catch (failure) {
      return failure;
    }
    const { message } = error as ApiError;
    const contradiction = `${message} (though the API server serves ${kind.kind} of ${kind.apiVersion})`;
    return new ApiError({ status: 0, reason: CLIENT_REASONS.discoveryFailed, message: contradiction, cause: error });
  }

  /** What ends a request early. */
  #limits(own?: AbortSignal): Pick<ApiRequest, 'signal' | 'timeoutMs'> {
    const { signal, term, timeoutMs } = this.#scope;
    const signals = [signal, term?.(), own].filter((each) => each !== undefined);
    return {
      signal: signals.length > 1 ? AbortSignal.any(signals) : signals[0],
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
    };
  }

  async #fetchKind(kind: KindRef): Promise<ServedKind> {
    const served = await this.#parts.discovery.fetchKind(kind);
    if (served) return served;
    throw kindNotServed(kind);
  }

  async #collectionPath(kind: KindRef, namespace: string | undefined, mustName = false): Promise<string> {
    const { plural, namespaced } = await this.#fetchKind(kind);
    if (mustName && namespaced && !namespace) {
      throw new Error(`${kind.kind} of ${kind.apiVersion} is namespaced: metadata.namespace must be set`);
    }
    const scope = namespaced && namespace ? `/namespaces/${encodeURIComponent(namespace)}` : '';
    return `${versionPath(kind.apiVersion)}${scope}/${plural}`;
  }

  async #objectPath(ref: ObjectRef, subresource?: string): Promise<string> {
    const collection = await this.#collectionPath(ref, ref.namespace, true);
    return `${collection}/${encodeURIComponent(ref.name)}${subresource ? `/${subresource}` : ''}`;
  }
}

function selectors({ labelSelector, fieldSelector }: ListOptions): Record<string, string | undefined> {
  return { labelSelector, fieldSelector };
}

/** What is bound to the version that was read is not done twice. */
function isBound(patch: unknown): boolean {
  const [first] = Array.isArray(patch) ? (patch as unknown[]) : [];
  return isJsonObject(first) && first['op'] === 'test' && first['path'] === '/metadata/resourceVersion';
}

/** Whether each operation of a JSON patch gives the same when it is done once more: members are set, and nothing is moved. */
function setsMembersOnly(patch: unknown): boolean {
  if (!Array.isArray(patch)) return false;
  return patch.filter(isJsonObject).every(({ op, path }) => {
    const isInList = typeof path !== 'string' || /\/(?:-|\d+)$/.test(path);
    return op === 'test' || op === 'replace' || (op === 'add' && !isInList);
  });
}

function tooLarge(message: string): ApiError {
  return new ApiError({ status: 0, reason: CLIENT_REASONS.tooLarge, message });
}

function isOtherUid(error: unknown): boolean {
  return isConflict(error) && error instanceof Error && /\buid\b/i.test(error.message);
}
