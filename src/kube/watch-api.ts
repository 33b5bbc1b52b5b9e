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

/** Hears of a list while it is read. */
export interface ListVisitor {
  /** The list is read from its beginning: what was visited before does not count. */
  begin(): void;
  /** One object; the same one may come twice. */
  visit(object: KubeObject): void;
  /** An object that is too large to be read. */
  skip(object: TooLarge): void;
}

/** An object of which only its beginning was read. */
export interface TooLarge {
  /** As far as the beginning told. */
  name?: string;
  namespace?: string;
  bytes: number;
}

/** What an informer reads from. */
export interface WatchApi {
  /** Reads page by page, and holds no more than one object. Rejects when the kind is not served. */
  visit(kind: KindRef, options: ListOptions, visitor: ListVisitor): Promise<{ resourceVersion: string }>;
  /**
   * Resolves once the server has accepted the watch. The iteration ends when the server ends it in good order, and
   * throws ApiError otherwise: 410 when the resource version is too old, status 0 when the connection broke.
   */
  watch(kind: KindRef, options: WatchOptions): Promise<AsyncIterable<WatchEvent>>;
}
