import { describe, expect, it } from 'vitest';
import { ConnectionTable, type ServedConnection } from './connection-table.ts';

const LIMITS = { maxConnections: 6, maxConnectionsPerAddress: 3, maxHandshakes: 100, firstRequestTimeoutMs: 10 };

/** A table with names for its connections, and those that it closed. */
function createTable(limits: Partial<typeof LIMITS> = {}): {
  table: ConnectionTable;
  closed: string[];
  open: (name: string, now?: number) => ServedConnection;
} {
  const table = new ConnectionTable({ ...LIMITS, ...limits });
  const closed: string[] = [];
  const open = (name: string, now = 0): ServedConnection =>
    table.open(name.charAt(0), { destroy: () => void closed.push(name) }, now);
  return { table, closed, open };
}

/** One that has had an answer. */
function use(connection: ServedConnection, now: number): void {
  connection.isHandshaking = false;
  connection.begin(now);
  connection.end(now);
}

describe('ConnectionTable', () => {
  it('closes the oldest that has asked nothing, among those of the same address', () => {
    const { open, closed } = createTable();
    open('b1');
    use(open('a1', 1), 2);
    open('a2', 3);
    open('a3', 4);
    open('a4', 5);
    expect(closed).toEqual(['a2']);
  });

  it('closes one of the address that has most, where all are too many', () => {
    const { open, closed } = createTable();
    use(open('x1'), 1);
    for (const name of ['a1', 'a2', 'a3', 'b1', 'b2', 'c1']) open(name, 2);
    expect(closed).toEqual(['a1']);
  });

  it('never closes one that waits for an answer, but the new one', () => {
    const { open, closed } = createTable();
    for (const name of ['a1', 'a2', 'a3']) open(name).begin(0);
    open('a4');
    expect(closed).toEqual(['a4']);
  });

  it('prefers the least recently used of those that have asked', () => {
    const { open, closed } = createTable();
    use(open('a1'), 9);
    use(open('a2'), 5);
    use(open('a3'), 7);
    open('a4', 10);
    expect(closed).toEqual(['a2']);
  });

  it('closes the oldest handshake where too many are under way', () => {
    const { open, closed } = createTable({ maxHandshakes: 2 });
    open('a1', 1);
    open('b1', 2);
    open('c1', 3);
    expect(closed).toEqual(['a1']);
  });

  it('closes what was opened for nothing, and nothing else', () => {
    const { table, open, closed } = createTable();
    open('a1', 0);
    use(open('a2', 0), 1);
    open('a3', 5);
    table.expire(10);
    expect(closed).toEqual(['a1']);
    expect(table.size).toBe(2);
  });
});
