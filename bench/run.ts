// `npm run bench [-- --injections N]`: commands, rendering, injection and validation, beside a bare Node.
// `npm run bench -- --peers [--write-docs]`: commands and webhooks beside Istio's own, which are built on the first run.
// Machines are noisy, so compare figures of one run only.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureIstioctl } from '../testbed/istio-programs.ts';
import { writeBodyFiles, type BodyFiles } from './bodies/body-files.ts';
import { Meter } from './meter.ts';
import { writePerformancePage } from './performance-page.ts';
import { compareCommands } from './processes.ts';
import { benchRenders } from './renders.ts';
import { startBareServer } from './servers/bare.ts';
import { startIstiodPeer } from './servers/istiod.ts';
import { readUsage, type MeasuredServer } from './servers/measured-server.ts';
import { startBenchServer } from './servers/ours.ts';
import { compareServers, injectionWorks, validationWorks, type Comparison } from './side-by-side.ts';
import * as tables from './tables.ts';
import { benchAnalysis, benchValidation } from './validate.ts';

/** Of the peers. */
const ISTIO_VERSION = '1.31.4';
const MIB = 2 ** 20;
const WARM_INJECTIONS = 10_000;

const { values } = parseArgs({
  options: {
    peers: { type: 'boolean', default: false },
    'write-docs': { type: 'boolean', default: false },
    injections: { type: 'string', default: '100000' },
  },
});
const folder = mkdtempSync(join(tmpdir(), 'sailwright-bench-'));
try {
  const meter = await Meter.build();
  const bodies = writeBodyFiles(folder);
  await (values.peers ? benchBesidePeers(meter, bodies) : benchAlone(meter, bodies));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function benchBesidePeers(meter: Meter, bodies: BodyFiles): Promise<void> {
  const istioctl = await ensureIstioctl(ISTIO_VERSION, (line) => console.error(line));
  const commands = await compareCommands(meter, istioctl);
  print('commands', tables.commandsTable(commands));
  print('our commands to others', tables.commandRatiosTable(commands));
  const istiodFolder = join(folder, 'istiod');
  mkdirSync(istiodFolder);
  const startPeer = (): Promise<MeasuredServer> =>
    startIstiodPeer({ version: ISTIO_VERSION, istioctl, folder: istiodFolder });
  const comparisons = await compareWebhooks(meter, bodies, [startBareServer, startBenchServer, startPeer]);
  print('ours to istiod', tables.ratiosTable(comparisons, 'istiod'));
  if (values['write-docs']) await writePerformancePage(comparisons, commands);
}

async function benchAlone(meter: Meter, bodies: BodyFiles): Promise<void> {
  const commands = await compareCommands(meter);
  print('commands', tables.commandsTable(commands));
  print('our commands to a bare Node', tables.commandRatiosTable(commands));
  benchRenders();
  await compareWebhooks(meter, bodies, [startBareServer, startBenchServer]);
  await printMemory(meter, bodies, Number(values.injections));
  benchValidation();
  await benchAnalysis(meter, bodies);
}

async function compareWebhooks(
  meter: Meter,
  bodies: BodyFiles,
  starts: readonly (() => Promise<MeasuredServer>)[],
): Promise<Comparison[]> {
  const servers: MeasuredServer[] = [];
  try {
    for (const start of starts) servers.push(await start());
    const works = [...injectionWorks(bodies), ...validationWorks(bodies)];
    const comparisons = await compareServers(meter, servers, works);
    print('webhooks', tables.figuresTable(comparisons));
    print('ours to a bare server', tables.ratiosTable(comparisons, 'bare'));
    return comparisons;
  } finally {
    for (const server of servers) await server.stop();
  }
}

/** What a server holds at rest, warm, and after it has injected so many pods; with and without a thread that helps. */
async function printMemory(meter: Meter, { distinctPods }: BodyFiles, injections: number): Promise<void> {
  for (const webhookWorkers of [1, 2]) {
    const server = await startBenchServer({ webhookWorkers });
    const mib = (): string => (readUsage(server).memory / MIB).toFixed(0);
    const inject = async (answers: number): Promise<string> => {
      const load = { port: server.port, path: '/inject', bodies: distinctPods, concurrency: 8 };
      await meter.load({ ...load, until: { answers } });
      return `${mib()} MiB after ${answers} distinct injections`;
    };
    try {
      const [atRest, warm, after] = [mib(), await inject(WARM_INJECTIONS), await inject(injections)];
      console.log(`\nmemory, threads that answer: ${webhookWorkers}: ${atRest} MiB at rest, ${warm}, ${after} more`);
    } finally {
      await server.stop();
    }
  }
}

function print(title: string, table: tables.Table): void {
  console.log(`\n${title}\n${tables.alignTable(table)}`);
}
