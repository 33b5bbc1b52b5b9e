import { isJsonObject, type JsonObject, type KubeObject } from '../core/kube-object.ts';
import { ApiError, CLIENT_REASONS } from './errors.ts';
import type { KindRef, ListOptions } from './kube-api.ts';
import { PageTooLarge, type PageEnd } from './list-pages.ts';
import { ListScanner } from './list-scanner.ts';
import type { PieceReceiver } from './transport.ts';
import type { ListVisitor } from './watch-api.ts';

/** Far above what the API server stores of one object (1.5 MiB unless etcd is told otherwise). */
export const MAX_OBJECT_BYTES = 4 * 1024 * 1024;

/** One page of a list, visited object by object while it arrives. */
export class PageReader implements PieceReceiver {
  readonly #maxBytes: number;
  readonly #scanner: ListScanner;
  #bytes = 0;
  #objects = 0;

  constructor(kind: KindRef, maxBytes: number, visitor: Pick<ListVisitor, 'visit' | 'skip'>) {
    this.#maxBytes = maxBytes;
    this.#scanner = new ListScanner(MAX_OBJECT_BYTES, {
      onItem: (text) => {
        this.#objects += 1;
        visitor.visit(ofKind(JSON.parse(text) as JsonObject, kind));
      },
      onTooLarge: ({ head, bytes }) => visitor.skip({ ...nameIn(head), bytes }),
    });
  }

  /** @throws PageTooLarge */
  write(piece: Buffer): void {
    this.#bytes += piece.length;
    if (this.#bytes > this.#maxBytes) throw new PageTooLarge(this.#objects, this.#maxBytes);
    this.#scanner.write(piece);
  }

  /** What the page says of the list, once all of it was written. @throws ApiError when it is no list */
  end(): PageEnd {
    const { metadata } = parseFrame(this.#scanner.frame);
    if (!isJsonObject(metadata) || typeof metadata['resourceVersion'] !== 'string') {
      const message = `the answer is not a list: ${this.#scanner.frame.slice(0, 200)}`;
      throw new ApiError({ status: 0, reason: CLIENT_REASONS.badAnswer, message });
    }
    const { continue: token, resourceVersion } = metadata;
    return { token: typeof token === 'string' && token !== '' ? token : undefined, resourceVersion };
  }
}

/** The object as one of its kind: items of a list do not say what they are, and bare metadata says something else. */
export function ofKind(object: JsonObject, { apiVersion, kind }: KindRef): KubeObject {
  return { ...object, apiVersion, kind } as unknown as KubeObject;
}

/** What to ask for so that the API server leaves out all but the metadata, where it can. */
export function acceptOf({ metadataOnly }: ListOptions, as: string): string {
  return metadataOnly ? `application/json;as=${as};g=meta.k8s.io;v=v1,application/json` : 'application/json';
}

function parseFrame(text: string): JsonObject {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : {};
  } catch {
    return {};
  }
}

function nameIn(head: string): { name?: string; namespace?: string } {
  const metadata = head.slice(head.indexOf('"metadata":{'));
  const name = /"name":"([^"]*)"/.exec(metadata)?.[1];
  const namespace = /"namespace":"([^"]*)"/.exec(metadata)?.[1];
  return { ...(name === undefined ? {} : { name }), ...(namespace === undefined ? {} : { namespace }) };
}
