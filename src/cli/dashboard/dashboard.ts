import { once } from 'node:events';
import { computeReport } from '../../core/report/compute-report.ts';
import { readCertificate } from '../../runtime/read-certificate.ts';
import { LiveReport, snapshotOf } from '../../dashboard/live-report.ts';
import { loadPageAssets } from '../../dashboard/page-assets.ts';
import { startPageServer } from '../../dashboard/page-server.ts';
import { fetchInput } from '../report/fetch-report-input.ts';
import type { Call } from '../shell/command.ts';
import { connectCluster } from '../shell/connect-cluster.ts';
import type { Io } from '../shell/io.ts';
import { UsageError } from '../shell/usage-error.ts';
import type { DASHBOARD_OPTIONS } from './options.ts';

const ENDS = ['SIGINT', 'SIGTERM'] as const;
const MAX_PORT = 65_535;

/** `sailwright dashboard`: serves until a signal ends it. */
export async function runDashboard({ flags }: Call<typeof DASHBOARD_OPTIONS>, io: Io): Promise<number> {
  const port = parsePort(flags.port);
  const assets = loadPageAssets();
  const api = connectCluster(flags);
  try {
    const live = new LiveReport({
      read: async () => snapshotOf(computeReport(await fetchInput(api, flags, { now: Date.now(), readCertificate }))),
      now: () => Date.now(),
    });
    // Whoever cannot reach the cluster hears of it here, and not in the browser.
    await live.snapshot();
    const server = await startPageServer({ port, assets, snapshot: () => live.snapshot() });
    io.out(`${server.url}  (Ctrl-C ends it)\n`);
    await Promise.race(ENDS.map((signal) => once(process, signal)));
    await server.stop();
    return 0;
  } finally {
    api.close();
  }
}

function parsePort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : NaN;
  if (port <= MAX_PORT) return port;
  throw new UsageError(`--port takes a number from 0 to ${MAX_PORT}, not "${text}"`);
}
