import type { KubeObject, ObjectRef } from '../core/kube-object.ts';

/** Names a kind of resource in the API; the plural is found by discovery. */
export interface KindRef {
  apiVersion: string;
  kind: string;
}

export interface ListOptions {
  namespace?: string;
  labelSelector?: string;
  fieldSelector?: string;
  /** The API server leaves out all but the metadata. */
  metadataOnly?: boolean;
}

/** How a list is read into memory. */
export interface ReadOptions extends ListOptions {
  /** What to keep of each object, called while the answer arrives: no more than one whole object is held. */
  reduce?: (object: KubeObject) => KubeObject | undefined;
}

export interface ApplyOptions {
  fieldManager: string;
  /** Take over fields that another manager owns. */
  force?: boolean;
  dryRun?: boolean;
}

export interface DeleteOptions {
  /** Refuse when the live object is another one of the same name. */
  uid?: string;
  /** Fail as a conflict when the object has changed since it was read. */
  resourceVersion?: string;
  propagation?: 'Foreground' | 'Background' | 'Orphan';
}

export type PatchType = 'merge' | 'json' | 'strategic';

/**
 * The API server as the controllers see it. Objects pass as plain JSON: nothing is dropped that a typed model would
 * not know. Every method rejects with ApiError (kube/errors.ts) unless said otherwise, and honours the client's
 * abort signal and time limit.
 */
export interface KubeApi {
  /** `undefined` when the object, its namespace or its kind does not exist. */
  get(ref: ObjectRef): Promise<KubeObject | undefined>;
  /** All pages. Rejects when the kind is not served. */
  list(kind: KindRef, options?: ReadOptions): Promise<{ items: KubeObject[]; resourceVersion: string }>;
  create(object: KubeObject, options?: { dryRun?: boolean }): Promise<KubeObject>;
  /** Server-side apply. */
  apply(object: KubeObject, options: ApplyOptions): Promise<KubeObject>;
  /** Server-side apply on the status subresource. */
  patch(
    ref: ObjectRef,
    patch: unknown,
    options: { type: PatchType; fieldManager: string; subresource?: string },
  ): Promise<KubeObject>;
  replace(object: KubeObject, options: { fieldManager: string; subresource?: string }): Promise<KubeObject>;
  /** `absent` when there was nothing (or not that uid) to delete. */
  delete(ref: ObjectRef, options?: DeleteOptions): Promise<'deleted' | 'absent'>;
  /** Whether the server serves the kind, and whether it is namespaced. Cached; a miss asks again. */
  scopeOf(kind: KindRef): Promise<'Namespaced' | 'Cluster' | undefined>;
  /** Version of the API server, e.g. `v1.36.3`. */
  serverVersion(): Promise<string>;
}

/** Lets pods go as their budgets allow. */
export interface EvictionApi {
  /** `refused` by a budget now; `absent` when there is no such pod (or not that uid). */
  evict(pod: ObjectRef, options: { uid: string }): Promise<'evicted' | 'refused' | 'absent'>;
}
