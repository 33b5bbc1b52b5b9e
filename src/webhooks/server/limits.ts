import { durationMillis, parseDuration } from '../../api/proto/duration.ts';

/** What one caller, or all together, may take. Each is far above what an API server asks for. */
export interface ServerLimits {
  /**
   * Of one request. The API server takes objects up to 3 MiB and stores up to 1.5 MiB; the review of an update holds
   * the new and the old one.
   */
  maxBodyBytes: number;
  /** Of all bodies that are being received; beyond it new ones are turned away with 503. */
  maxBufferedBytes: number;
  /** Of those of one address, so that nobody fills the room of the others. */
  maxBufferedBytesPerAddress: number;
  /** From the first header to the last byte of the body. */
  bodyTimeoutMs: number;
  /** For the answer, where the caller names no time of its own in `?timeout=`. */
  answerTimeoutMs: number;
  /** On one connection. */
  maxConcurrentStreams: number;
  /** A connection without any request for this long is closed. */
  idleTimeoutMs: number;
  /**
   * The same for one that has not had any yet. The API server keeps one that it opened and then did not need for 90 s,
   * and may ask at any moment.
   */
  firstRequestTimeoutMs: number;
  /** How long a connection that is kept open without a request stays so once the server stops. */
  idleDrainMs: number;
  /** For the TLS handshake. */
  handshakeTimeoutMs: number;
  /** Beyond it, and beyond the next two, a new connection takes the place of the one that is of least use. */
  maxConnections: number;
  maxConnectionsPerAddress: number;
  /** Connections whose handshake is under way, which costs most. */
  maxHandshakes: number;
  maxHeaderBytes: number;
}

const MIB = 1024 * 1024;

export const DEFAULT_LIMITS: ServerLimits = {
  maxBodyBytes: 6 * MIB,
  maxBufferedBytes: 96 * MIB,
  maxBufferedBytesPerAddress: 32 * MIB,
  bodyTimeoutMs: 10_000,
  answerTimeoutMs: 30_000,
  maxConcurrentStreams: 250,
  idleTimeoutMs: 120_000,
  firstRequestTimeoutMs: 120_000,
  idleDrainMs: 4_000,
  handshakeTimeoutMs: 3_000,
  maxConnections: 1_000,
  maxConnectionsPerAddress: 250,
  maxHandshakes: 128,
  maxHeaderBytes: 16 * 1024,
};

/**
 * How long the caller waits, by the `timeout` that the API server puts in the query (Go's form, such as `10s` or
 * `1m30s`), never longer than our own limit. A text that is no duration counts as absent.
 */
export function computeAnswerTimeout(query: string, limitMs: number): number {
  const text = /(?:^|&)timeout=([^&]*)/.exec(query)?.[1];
  const duration = parseDuration(text ?? '');
  const ms = duration ? durationMillis(duration) : 0;
  return ms > 0 ? Math.min(ms, limitMs) : limitMs;
}
