// A webhook server in a process of its own, and loads on it: throughput, latency, CPU time and memory.
import { fork, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { ClientHttp2Session } from 'node:http2';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { openConnection, post, runLoad, type Answer, type LoadResult } from './webhook-load.ts';
import type { ServerReport } from './webhook-server.ts';

const ROOT = join(import.meta.dirname, '..');
/** What lies beside the project on the machines of its founders. */
export const SHARED = join(ROOT, '../shared');
const WARM_UP = 3_000;
const COUNTS = { 1: 4_000, 8: 8_000, 32: 8_000 } as const;

/** One AdmissionReview that is sent again and again. */
export interface ReviewLoad {
  title: string;
  path: string;
  review: Buffer;
}

/** A running server; `stop` ends it. */
export interface BenchServer {
  port: number;
  /** Sends one body. */
  post: (path: string, body: Buffer) => Promise<Answer>;
  /** Prints one row for each concurrency; returns how many were sent. */
  printLoads: (load: ReviewLoad) => Promise<number>;
  /** Sends so many more. */
  send: (load: ReviewLoad, count: number) => Promise<void>;
  /** Resident memory, in bytes. */
  readMemory: () => Promise<number>;
  /** The longest burst of work of the thread that injects since the last call, in ms of CPU time. */
  readBurst: () => Promise<number>;
  stop: () => Promise<void>;
}

async function ask(server: ChildProcess): Promise<Required<Pick<ServerReport, 'cpu' | 'rss' | 'burst'>>> {
  server.send('usage');
  const [{ cpu = Number.NaN, rss = Number.NaN, burst = Number.NaN }] = (await once(server, 'message')) as [
    ServerReport,
  ];
  return { cpu, rss, burst };
}

/** Bundled as the operator is: compiling sources would cost the server memory that it never needs again. */
async function forkServer(folder: string, services: number): Promise<{ server: ChildProcess; port: number }> {
  await build({
    entryPoints: {
      'webhook-process': join(ROOT, 'bench/webhook-process.ts'),
      'judgement-worker': join(ROOT, 'src/operator/judgement-worker.ts'),
    },
    outdir: folder,
    outExtension: { '.js': '.mjs' },
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
  const own = { NODE_ENV: 'production', MALLOC_ARENA_MAX: '1', BENCH_SERVICES: String(services) };
  const env = { ...process.env, ...own };
  const execArgv = ['--max-semi-space-size=4', ...profiling];
  const server = fork(join(folder, 'webhook-process.mjs'), { execArgv, env });
  const [{ port = 0 }] = (await once(server, 'message')) as [ServerReport];
  return { server, port };
}

type Load = (run: { count: number; concurrency: number }) => Promise<LoadResult>;

/** The shared load generator in Go, where it can be built: it leaves more of the machine to the server. */
function goLoad(folder: string, port: number, { path, review }: ReviewLoad): Load | undefined {
  const source = join(SHARED, 'tools/load');
  const binary = join(folder, 'load');
  if (!existsSync(source)) return undefined;
  if (spawnSync('go', ['build', '-o', binary, '.'], { cwd: source }).status !== 0) return undefined;
  const body = join(folder, 'review.json');
  writeFileSync(body, review);
  return ({ count, concurrency }) => {
    const flags = ['-url', `https://127.0.0.1:${port}${path}`, '-body', body, '-warm', '200'];
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

/** Starts the server with a mesh of so many services; both webhooks are ready when this resolves. */
export async function startBenchServer({ services = 0 } = {}): Promise<BenchServer> {
  const folder = mkdtempSync(join(tmpdir(), 'sailwright-bench-'));
  const { server, port } = await forkServer(folder, services);
  const connection = openConnection(port);
  const loadOf = (load: ReviewLoad): Load => goLoad(folder, port, load) ?? ownLoad(connection, load);
  return {
    port,
    post: (path, body) => post(connection, path, body),
    printLoads: (load) => printLoads(server, connection, load, loadOf(load)),
    send: async (load, count) => void (await loadOf(load)({ count, concurrency: 8 })),
    readMemory: async () => (await ask(server)).rss,
    readBurst: async () => (await ask(server)).burst,
    stop: async () => {
      connection.close();
      server.disconnect();
      await once(server, 'exit');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function ownLoad(connection: ClientHttp2Session, { path, review }: ReviewLoad): Load {
  return (run) => runLoad(connection, { path, body: review }, run);
}

async function printLoads(
  server: ChildProcess,
  connection: ClientHttp2Session,
  review: ReviewLoad,
  load: Load,
): Promise<number> {
  const warmUp = ownLoad(connection, review);
  await warmUp({ count: WARM_UP, concurrency: 8 });
  console.log(`\n${review.title}, HTTP/2 and TLS`);
  console.log('concurrency   a second        p50        p99   CPU of the server each');
  let done = WARM_UP;
  for (const [concurrency, count] of Object.entries(COUNTS)) {
    const before = await ask(server);
    const { perSecond, p50, p99 } = await load({ count, concurrency: Number(concurrency) });
    const after = await ask(server);
    // The shared generator warms up with 200 calls and one more.
    const sent = count + (existsSync(join(SHARED, 'tools/load')) ? 201 : 0);
    done += sent;
    const cells = [
      perSecond.toFixed(0).padStart(10),
      `${p50.toFixed(2)} ms`.padStart(10),
      `${p99.toFixed(2)} ms`.padStart(10),
      `${((after.cpu - before.cpu) / 1000 / sent).toFixed(2)} ms`.padStart(24),
    ];
    console.log(`${concurrency.padStart(11)} ${cells.join(' ')}`);
  }
  return done;
}
