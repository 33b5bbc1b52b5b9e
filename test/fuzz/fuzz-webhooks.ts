import { startBenchServer } from '../../bench/servers/ours.ts';
import { sampleBodies, slowReviews } from './webhook-bodies.ts';

const PATHS = ['/validate', '/inject', '/validate/x', '/inject/revision/1-31'];
const AT_ONCE = 16;
const PARTS = 10;
const BATCH = 500;

/** What became of the bodies. */
export interface FuzzReport {
  answered: number;
  byStatus: ReadonlyMap<number, number>;
  /** Milliseconds of the slowest answer, with others under way. */
  slowest: number;
  /** Milliseconds of the slowest answer to a resource with a hostile expression, alone. */
  slowestExpression: number;
  /** MiB of the server after each part. */
  memory: number[];
}

/** Sends random bodies; rejects when the server ends, or a call is not answered. */
export async function fuzzWebhooks({ bodies, seed }: { bodies: number; seed: number }): Promise<FuzzReport> {
  const server = await startBenchServer({ services: 1_000 });
  const byStatus = new Map<number, number>();
  const memory: number[] = [];
  let [answered, slowest, slowestExpression] = [0, 0, 0];
  try {
    const send = async (path: string, body: Buffer): Promise<number> => {
      const began = performance.now();
      const { status } = await server.post(path, body);
      byStatus.set(status, (byStatus.get(status) ?? 0) + 1);
      answered++;
      return performance.now() - began;
    };
    for (let part = 0; part < PARTS; part++) {
      const wanted = Math.ceil((bodies * (part + 1)) / PARTS);
      while (answered < wanted) {
        const batch = sampleBodies(Math.min(BATCH, wanted - answered), seed + answered);
        let next = 0;
        const worker = async (): Promise<void> => {
          for (let i = next++; i < batch.length; i = next++) {
            const body = batch[i] ?? Buffer.alloc(0);
            slowest = Math.max(slowest, await send(PATHS[(i + answered) % PATHS.length] ?? '/', body));
          }
        };
        await Promise.all(Array.from({ length: AT_ONCE }, worker));
      }
      memory.push(Math.round((await server.readMemory()) / 2 ** 20));
    }
    for (const review of slowReviews())
      slowestExpression = Math.max(slowestExpression, await send('/validate', review));
    return { answered, byStatus, slowest, slowestExpression, memory };
  } finally {
    await server.stop();
  }
}
