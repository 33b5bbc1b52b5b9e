import type { IncomingMessage } from 'node:http';
import { isJsonObject } from '../core/kube-object.ts';
import { CLIENT_REASONS, decodeApiError } from './errors.ts';
import type { KindRef } from './kube-api.ts';
import { MAX_OBJECT_BYTES, ofKind } from './page-reader.ts';
import { asApiError, clientError, type ApiRequest } from './transport.ts';
import type { WatchEvent } from './watch-api.ts';

/** Reads the messages of a watch, one JSON document a line. A line that is too long for one object is an error. */
export async function* readWatchEvents(
  response: IncomingMessage,
  request: ApiRequest,
  kind: KindRef,
): AsyncGenerator<WatchEvent> {
  try {
    for await (const line of splitLines(response as AsyncIterable<Buffer>, MAX_OBJECT_BYTES, request)) {
      yield decodeWatchEvent(line, request, kind);
    }
  } catch (error) {
    throw asApiError(request, error);
  } finally {
    response.destroy();
  }
}

async function* splitLines(chunks: AsyncIterable<Buffer>, max: number, request: ApiRequest): AsyncGenerator<string> {
  let parts: Buffer[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      const line = Buffer.concat([...parts, chunk.subarray(start, end)]).toString('utf8');
      parts = [];
      size = 0;
      start = end + 1;
      if (line.trim() !== '') yield line;
    }
    // A watch that rests must not hold on to what it read last.
    if (start < chunk.length) parts.push(chunk.subarray(start));
    size += chunk.length - start;
    if (size > max) throw clientError(request, CLIENT_REASONS.tooLarge, `one event is larger than ${max} bytes`);
  }
}

function decodeWatchEvent(line: string, request: ApiRequest, kind: KindRef): WatchEvent {
  const value: unknown = JSON.parse(line);
  const object = isJsonObject(value) ? value['object'] : undefined;
  if (!isJsonObject(value) || !isJsonObject(object)) {
    throw clientError(request, CLIENT_REASONS.badAnswer, `not a watch event: ${line.slice(0, 200)}`);
  }
  if (value['type'] === 'ERROR') {
    const code = typeof object['code'] === 'number' ? object['code'] : 500;
    throw decodeApiError(code, JSON.stringify(object), `watch ${request.path}`);
  }
  return { type: value['type'] as WatchEvent['type'], object: ofKind(object, kind) };
}
