import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { issueCertificate } from '../../src/webhooks/certificates/issue-certificate.ts';
import type { MeasuredServer } from './measured-server.ts';

const DAY_MS = 86_400_000;

/** Starts Node's own servers, which judge nothing. */
export async function startBareServer(): Promise<MeasuredServer> {
  const names = ['127.0.0.1'];
  const { certificate, key } = await issueCertificate({ names, now: Date.now(), lifetimeMs: DAY_MS });
  const folder = mkdtempSync(join(tmpdir(), 'sailwright-bench-'));
  const program = join(folder, 'bare.mjs');
  // Node would take up memory to strip types.
  await build({ entryPoints: [join(import.meta.dirname, 'bare-process.ts')], outfile: program, format: 'esm' });
  const server = fork(program, { execArgv: ['--max-semi-space-size=4'] });
  server.send({ cert: certificate, key });
  const [{ port }] = (await once(server, 'message')) as [{ port: number }];
  const stop = async (): Promise<void> => {
    server.disconnect();
    await once(server, 'exit');
    rmSync(folder, { recursive: true });
  };
  return { name: 'bare', port, pid: server.pid ?? 0, stop };
}
