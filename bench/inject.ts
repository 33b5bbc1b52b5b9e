// Injections through the webhook: throughput and latency over HTTP/2 and TLS, CPU time and memory of the server.
import { fork, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { openConnection, post, runLoad, type LoadResult } from './inject-load.ts';
import { benchReview } from './inject-review.ts';
import type { ServerReport } from './inject-server.ts';

const ROOT = join(import.meta.dirname, '..');
const SHARED = join(ROOT, '../shared');
const WARM_UP = 3_000;
const SECONDS_WORTH = { 1: 4_000, 8: 8_000, 32: 8_000 } as const;

export interface InjectionBenchOptions {
  /** How many injections in all before the memory is read; 100,000 unless told. */
  injections?: number;
}

async function ask(server: ChildProcess): Promise<Required<Pick<ServerReport, 'cpu' | 'rss'>>> {
  server.send('usage');
  const [{ cpu = Number.NaN, rss = Number.NaN }] = (await once(server, 'message')) as [ServerReport];
  return { cpu, rss };
}

/** Bundled as the operator is: compiling sources would cost the server memory that it never needs again. */
async function startServer(folder: string): Promise<{ server: ChildProcess; port: number }> {
  const outfile = join(folder, 'inject-process.mjs');
  await build({
    entryPoints: [join(ROOT, 'bench/inject-process.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    logLevel: 'error',
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  });
  const profile = process.env['BENCH_CPU_PROFILE'];
  const profiling = profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`];
  // As in the image.
  const execArgv = ['--max-semi-space-size=4', ...profiling];
  const server = fork(outfile, { execArgv, env: { ...process.env, NODE_ENV: 'production', MALLOC_ARENA_MAX: '1' } });
  const [{ port = 0 }] = (await once(server, 'message')) as [ServerReport];
  return { server, port };
}

type Load = (run: { count: number; concurrency: number }) => Promise<LoadResult>;

/** The shared load generator in Go, where it can be built: it leaves more of the machine to the server. */
function goLoad(folder: string, port: number, review: Buffer): Load | undefined {
  const source = join(SHARED, 'tools/load');
  const binary = join(folder, 'load');
  if (!existsSync(source)) return undefined;
  if (spawnSync('go', ['build', '-o', binary, '.'], { cwd: source }).status !== 0) return undefined;
  const body = join(folder, 'review.json');
  writeFileSync(body, review);
  return ({ count, concurrency }) => {
    const flags = ['-url', `https://127.0.0.1:${port}/inject`, '-body', body, '-warm', '200'];
    const { stdout } = spawnSync(binary, [...flags, '-n', String(count), '-c', String(concurrency)], {
      encoding: 'utf8',
    });
    const found = /rps=(\d+) p50=(\S+) .*p99=(\S+)/.exec(stdout);
    if (!found) return Promise.reject(new Error(`the load generator failed: ${stdout}`));
    const [, perSecond, p50, p99] = found;
    return Promise.resolve({ perSecond: Number(perSecond), p50: milliseconds(p50), p99: milliseconds(p99) });
  };
}

/** `1.5ms`, `730µs` and `1.2s`, as Go prints them. */
function milliseconds(text = ''): number {
  const [, number, unit] = /^([\d.]+)(µs|ms|s)$/.exec(text) ?? [];
  return Number(number) * ({ µs: 0.001, ms: 1, s: 1000 }[unit ?? ''] ?? Number.NaN);
}

/** Prints the rows of injection. */
export async function benchInjection({ injections = 100_000 }: InjectionBenchOptions = {}): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'sailwright-bench-'));
  const given = join(SHARED, 'bench/review.json');
  const review = existsSync(given) ? readFileSync(given) : Buffer.from(JSON.stringify(benchReview()));
  const { server, port } = await startServer(folder);
  const connection = openConnection(port);
  try {
    const { body } = await post(connection, review);
    const { response } = JSON.parse(body) as { response: { allowed: boolean; patch?: string } };
    if (!response.allowed || response.patch === undefined) throw new Error(`the pod is not injected: ${body}`);
    const ownLoad: Load = (run) => runLoad(connection, review, run);
    await ownLoad({ count: WARM_UP, concurrency: 8 });
    const load = goLoad(folder, port, review) ?? ownLoad;
    console.log(`\ninjection by ${load === ownLoad ? 'a Node client' : 'the shared Go client'}, HTTP/2 and TLS`);
    console.log('concurrency   a second        p50        p99   CPU of the server each');
    let done = WARM_UP;
    for (const [concurrency, count] of Object.entries(SECONDS_WORTH)) {
      const before = await ask(server);
      const { perSecond, p50, p99 } = await load({ count, concurrency: Number(concurrency) });
      const after = await ask(server);
      const warm = load === ownLoad ? 0 : 201;
      done += count + warm;
      const cpu = (after.cpu - before.cpu) / 1000 / (count + warm);
      const cells = [
        perSecond.toFixed(0).padStart(10),
        `${p50.toFixed(2)} ms`.padStart(10),
        `${p99.toFixed(2)} ms`.padStart(10),
        `${cpu.toFixed(2)} ms`.padStart(24),
      ];
      console.log(`${concurrency.padStart(11)} ${cells.join(' ')}`);
    }
    if (done < injections) await load({ count: injections - done, concurrency: 8 });
    const { rss } = await ask(server);
    console.log(
      `memory of the server after ${Math.max(done, injections)} injections: ${(rss / 2 ** 20).toFixed(0)} MiB`,
    );
  } finally {
    connection.close();
    server.disconnect();
    await once(server, 'exit');
    rmSync(folder, { recursive: true, force: true });
  }
}
