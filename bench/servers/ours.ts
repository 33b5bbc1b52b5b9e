// Our webhook server in a process of its own.
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { usualWebhookWorkers } from '../../src/cli/run/webhook-workers.ts';
import { countProcessors } from '../../src/runtime/count-processors.ts';
import type { MeasuredServer } from './measured-server.ts';
import { openConnection, post, type Answer } from '../webhook-load.ts';
import type { ServerReport } from '../webhook-server.ts';

const ROOT = join(import.meta.dirname, '../..');

/** A running server; `stop` ends it. */
export interface BenchServer extends MeasuredServer {
  /** Sends one body. */
  post: (path: string, body: Buffer) => Promise<Answer>;
  /** Resident memory, in bytes. */
  readMemory: () => Promise<number>;
  /** The longest burst of work of the thread that injects since the last call, in ms of CPU time. */
  readBurst: () => Promise<number>;
  /** How many threads inject beside the one that serves. */
  readHelpers: () => Promise<number>;
}

async function ask(server: ChildProcess): Promise<Required<Omit<ServerReport, 'port'>>> {
  server.send('usage');
  const [report] = (await once(server, 'message')) as [ServerReport];
  return { rss: NaN, burst: NaN, helpers: NaN, ...report };
}

/** Bundled as the operator is: compiling sources would cost the server memory that it never needs again. */
async function forkServer(
  folder: string,
  { services, webhookWorkers }: Required<BenchServerOptions>,
): Promise<{ server: ChildProcess; port: number }> {
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
  const threads = { BENCH_WEBHOOK_WORKERS: String(webhookWorkers) };
  const env = { ...process.env, ...own, ...threads };
  const execArgv = ['--max-semi-space-size=4', ...profiling];
  const server = fork(join(folder, 'webhook-process.mjs'), { execArgv, env });
  const [{ port = 0 }] = (await once(server, 'message')) as [ServerReport];
  return { server, port };
}

export interface BenchServerOptions {
  /** In the mesh. */
  services?: number;
  /** As many as the operator takes, unless told here or by `BENCH_WEBHOOK_WORKERS`. */
  webhookWorkers?: number;
}

/** Starts the server; both webhooks are ready when this resolves. */
export async function startBenchServer({
  services = 0,
  webhookWorkers = Number(process.env['BENCH_WEBHOOK_WORKERS'] ?? usualWebhookWorkers(countProcessors())),
}: BenchServerOptions = {}): Promise<BenchServer> {
  const folder = mkdtempSync(join(tmpdir(), 'sailwright-bench-'));
  const { server, port } = await forkServer(folder, { services, webhookWorkers });
  const connection = openConnection(port);
  return {
    name: 'ours',
    port,
    pid: server.pid ?? 0,
    post: (path, body) => post(connection, path, body),
    readMemory: async () => (await ask(server)).rss,
    readBurst: async () => (await ask(server)).burst,
    readHelpers: async () => (await ask(server)).helpers,
    stop: async () => {
      connection.close();
      server.disconnect();
      await once(server, 'exit');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
