import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

// Below the range that systems take outgoing connections' ports from, so that none of those grabs a port between our
// look and the server's start.
const LOWEST = 20_000;
const HIGHEST = 30_000;

/** Finds `count` different loopback ports that nobody listens on. */
export async function findFreePorts(count: number): Promise<number[]> {
  const found = new Set<number>();
  for (let tries = 0; found.size < count; tries += 1) {
    if (tries > 1_000) throw new Error(`found no ${count} free ports on 127.0.0.1 between ${LOWEST} and ${HIGHEST}`);
    const port = randomInt(LOWEST, HIGHEST);
    if (!found.has(port) && (await isFree(port))) found.add(port);
  }
  return [...found];
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
