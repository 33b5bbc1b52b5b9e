// A thread that sends one body again and again, numbered where it is marked, so that the thread that measures is not
// kept busy.
import { parentPort, workerData } from 'node:worker_threads';
import { numberedBodies } from './numbered-bodies.ts';
import { openConnection, post } from './webhook-load.ts';

interface Orders {
  port: number;
  path: string;
  body: string;
  /** What each sending has a number of its own for. */
  mark?: string;
  /** At once. */
  calls: number;
  /** Of its own, where it is not to have that of the API server. */
  localAddress?: string;
}

const { port, path, body, mark, calls, localAddress } = workerData as Orders;
const bytes = Buffer.from(body);
const next = mark === undefined ? () => bytes : numberedBodies(body, mark);
const connection = openConnection(port, localAddress);
let answered = 0;
parentPort?.on('message', () => parentPort?.postMessage(answered));
await Promise.all(
  Array.from({ length: calls }, async () => {
    for (;;) {
      // One that is refused is as good as one that is judged.
      await post(connection, path, next()).catch(() => undefined);
      answered += 1;
    }
  }),
);
