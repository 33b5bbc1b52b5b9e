import type { ServerLimits } from './limits.ts';

/** What the table closes. */
export interface Closable {
  destroy(): void;
}

/** All that came from one address. */
export interface Peer {
  connections: Set<ServedConnection>;
  /** Bytes of bodies that are being received. */
  buffered: number;
}

/** One connection from its first byte to its last. */
export class ServedConnection {
  readonly address: string;
  readonly peer: Peer;
  readonly socket: Closable;
  /** When it was opened or last used, in milliseconds that only grow. */
  lastUsedAt: number;
  isHandshaking = true;
  hasAsked = false;
  #underWay = 0;

  constructor(address: string, peer: Peer, socket: Closable, now: number) {
    this.address = address;
    this.peer = peer;
    this.socket = socket;
    this.lastUsedAt = now;
  }

  get isBusy(): boolean {
    return this.#underWay > 0;
  }

  begin(now: number): void {
    this.hasAsked = true;
    this.lastUsedAt = now;
    this.#underWay += 1;
  }

  end(now: number): void {
    this.lastUsedAt = now;
    this.#underWay -= 1;
  }
}

type TableLimits = Pick<
  ServerLimits,
  'maxConnections' | 'maxConnectionsPerAddress' | 'maxHandshakes' | 'firstRequestTimeoutMs'
>;

/**
 * Who is connected. There is always a place for a new connection: where there is none, the one of least use gives way,
 * first of those of the same address, then of the address that has most. So whoever opens many closes their own, and
 * the API server, which asks as soon as it is connected, is neither turned away nor cut off.
 */
export class ConnectionTable {
  readonly #limits: TableLimits;
  readonly #peers = new Map<string, Peer>();
  readonly #connections = new Set<ServedConnection>();
  #onEmpty: (() => void) | undefined;

  constructor(limits: TableLimits) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#connections.size;
  }

  get connections(): Iterable<ServedConnection> {
    return this.#connections;
  }

  /** Takes a new connection in, and closes others where there are too many. */
  open(address: string, socket: Closable, now: number): ServedConnection {
    const peer = this.#peers.get(address) ?? { connections: new Set(), buffered: 0 };
    this.#peers.set(address, peer);
    const connection = new ServedConnection(address, peer, socket, now);
    peer.connections.add(connection);
    this.#connections.add(connection);
    this.#makeRoom(connection);
    return connection;
  }

  /** Forgets a connection that is closed. */
  remove(connection: ServedConnection): void {
    const { address, peer } = connection;
    this.#connections.delete(connection);
    peer.connections.delete(connection);
    if (peer.connections.size === 0) this.#peers.delete(address);
    if (this.#connections.size === 0) this.#onEmpty?.();
  }

  /** Resolves once nobody is connected. */
  async whenEmpty(): Promise<void> {
    if (this.#connections.size > 0) await new Promise<void>((resolve) => (this.#onEmpty = resolve));
  }

  /** Closes connections that were opened for nothing. */
  expire(now: number): void {
    for (const connection of this.#connections) {
      const { hasAsked, lastUsedAt } = connection;
      if (!hasAsked && now - lastUsedAt >= this.#limits.firstRequestTimeoutMs) this.#close(connection);
    }
  }

  #makeRoom(newest: ServedConnection): void {
    const { maxConnections, maxConnectionsPerAddress, maxHandshakes } = this.#limits;
    if (newest.peer.connections.size > maxConnectionsPerAddress) this.#evict(newest.peer.connections, newest);
    if (this.#connections.size > maxConnections) this.#evict(this.#largestPeer().connections, newest);
    if (this.#connections.size <= maxHandshakes) return;
    const handshaking = [...this.#connections].filter(({ isHandshaking }) => isHandshaking);
    if (handshaking.length > maxHandshakes) this.#evict(handshaking, newest);
  }

  #largestPeer(): Peer {
    return [...this.#peers.values()].reduce((a, b) => (b.connections.size > a.connections.size ? b : a));
  }

  /** The new one only goes when all others are at work. */
  #evict(candidates: Iterable<ServedConnection>, newest: ServedConnection): void {
    let least = newest;
    for (const candidate of candidates) {
      if (candidate !== newest && !candidate.isBusy && (least === newest || isOfLessUse(candidate, least))) {
        least = candidate;
      }
    }
    this.#close(least);
  }

  #close(connection: ServedConnection): void {
    this.remove(connection);
    connection.socket.destroy();
  }
}

function isOfLessUse(a: ServedConnection, b: ServedConnection): boolean {
  if (a.hasAsked !== b.hasAsked) return b.hasAsked;
  if (a.isHandshaking !== b.isHandshaking) return a.isHandshaking;
  return a.lastUsedAt < b.lastUsedAt;
}
