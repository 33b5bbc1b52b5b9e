import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';

// Below the range that systems take outgoing connections' ports from, so that none of those grabs a port between our
// look and the server's start.
const LOWEST = 20_000;
const HIGHEST = 30_000;

/**
 * Finds `count` different loopback ports that nobody listens on. Until this process ends no other gets them from here,
 * whether what they are for has started by then or not.
 */
export async function findFreePorts(count: number): Promise<number[]> {
  const found: number[] = [];
  for (let tries = 0; found.length < count; tries += 1) {
    if (tries > 1_000) throw new Error(`found no ${count} free ports on 127.0.0.1 between ${LOWEST} and ${HIGHEST}`);
    const port = randomInt(LOWEST, HIGHEST);
    if ((await claim(port)) && (await isFree(port))) found.push(port);
  }
  return found;
}

/** Takes the UDP port of the same number, which nothing here serves, and the system gives to one process alone. */
function claim(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4').unref();
    socket.once('error', () => {
      socket.close();
      resolve(false);
    });
    socket.bind({ port, address: '127.0.0.1', exclusive: true }, () => resolve(true));
  });
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
