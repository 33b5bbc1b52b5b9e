import type { KubeObject } from '../core/kube-object.ts';
import type { KindRef, ListOptions } from './kube-api.ts';

/** One message of a watch. A bookmark carries only a resource version. */
export interface WatchEvent {
  type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK';
  object: KubeObject;
}

export interface WatchOptions extends ListOptions {
  resourceVersion: string;
  /** After this long the server ends the watch in good order. */
  timeoutSeconds: number;
  signal: AbortSignal;
}

/** What an informer reads from. */
export interface WatchApi {
  /** All pages. Rejects when the kind is not served. */
  list(kind: KindRef, options?: ListOptions): Promise<{ items: KubeObject[]; resourceVersion: string }>;
  /**
   * Resolves once the server has accepted the watch. The iteration ends when the server ends it in good order, and
   * throws ApiError otherwise: 410 when the resource version is too old, status 0 when the connection broke.
   */
  watch(kind: KindRef, options: WatchOptions): Promise<AsyncIterable<WatchEvent>>;
}
