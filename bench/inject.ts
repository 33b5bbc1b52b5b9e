// Injections through the webhook.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { benchReview } from './inject-review.ts';
import { SHARED, type BenchServer } from './webhook-bench.ts';

export interface InjectionBenchOptions {
  /** How many injections in all before the memory is read; 100,000 unless told. */
  injections?: number;
}

/** Prints the rows of injection. */
export async function benchInjection(
  server: BenchServer,
  { injections = 100_000 }: InjectionBenchOptions = {},
): Promise<void> {
  const given = join(SHARED, 'bench/review.json');
  const review = existsSync(given) ? readFileSync(given) : Buffer.from(JSON.stringify(benchReview()));
  const load = { title: 'injection', path: '/inject', review };
  const { body } = await server.post(load.path, review);
  const { response } = JSON.parse(body) as { response: { allowed: boolean; patch?: string } };
  if (!response.allowed || response.patch === undefined) throw new Error(`the pod is not injected: ${body}`);
  const done = await server.printLoads(load);
  if (done < injections) await server.send(load, injections - done);
  const memory = (await server.readMemory()) / 2 ** 20;
  console.log(`memory of the server after ${Math.max(done, injections)} injections: ${memory.toFixed(0)} MiB`);
}
