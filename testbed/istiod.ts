// Istiod by itself, for its webhooks: beside the embedded cluster, with its configuration in files.
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startCluster } from './cluster.ts';
import { ensureIstioPrograms } from './istio-programs.ts';
import { createKubectl } from './kubectl.ts';
import { findFreePorts } from './ports.ts';
import { waitFor } from './wait.ts';

const NAMESPACE = 'istio-system';

/** What the ConfigMaps `istio-sidecar-injector` and `istio` hold. */
export interface IstiodConfiguration {
  config: string;
  values: string;
  mesh: string;
}

export interface IstiodOptions {
  version: string;
  configuration: IstiodConfiguration;
  /** Where its files go. */
  folder: string;
}

/** An istiod whose webhooks answer on loopback. */
export interface RunningIstiod {
  port: number;
  pid: number;
  stop: () => Promise<void>;
}

interface Ports {
  http: number;
  webhooks: number;
  monitoring: number;
}

/** Starts istiod, which is ready when this resolves. */
export async function startIstiod({ version, configuration, folder }: IstiodOptions): Promise<RunningIstiod> {
  const programs = await ensureIstioPrograms(version, (line) => console.error(line));
  await writeConfiguration(configuration, folder);
  const cluster = await startCluster({ auditLog: false });
  try {
    await createKubectl(cluster.kubectl, cluster.kubeconfig)(['create', 'namespace', NAMESPACE]);
    const [http = 0, webhooks = 0, monitoring = 0] = await findFreePorts(3);
    const ports = { http, webhooks, monitoring };
    const istiod = launch(join(programs, 'pilot-discovery'), folder, cluster.kubeconfig, ports);
    await waitFor('istiod to be ready', () => isReady(istiod, ports, folder), { timeoutMs: 60_000 });
    const stop = async (): Promise<void> => {
      istiod.kill('SIGKILL');
      await cluster.stop();
    };
    return { port: webhooks, pid: istiod.pid ?? 0, stop };
  } catch (error) {
    await cluster.stop();
    throw error;
  }
}

/** Where istiod looks for them: below the folder that it runs in. */
async function writeConfiguration({ config, values, mesh }: IstiodConfiguration, folder: string): Promise<void> {
  const files = { 'var/lib/istio/inject/config': config, 'var/lib/istio/inject/values': values };
  for (const [path, content] of Object.entries({ ...files, 'etc/istio/config/mesh': mesh })) {
    if (content === '') throw new Error(`there is nothing for ${path}`);
    await mkdir(join(folder, path, '..'), { recursive: true });
    await writeFile(join(folder, path), content);
  }
}

function launch(program: string, folder: string, kubeconfig: string, ports: Ports): ChildProcess {
  const log = openSync(join(folder, 'istiod.log'), 'a');
  const istiod = spawn(program, istiodArguments(kubeconfig, ports), {
    cwd: folder,
    stdio: ['ignore', log, log],
    env: {
      ...process.env,
      POD_NAME: 'istiod',
      POD_NAMESPACE: NAMESPACE,
      // As on the nodes of our server; those of kwok call their version something that is none.
      ENABLE_NATIVE_SIDECARS: 'true',
      // No webhook configuration names it: it has no certificate to write there.
      INJECTION_WEBHOOK_CONFIG_NAME: '',
      VALIDATION_WEBHOOK_CONFIG_NAME: '',
    },
  });
  closeSync(log);
  process.once('exit', () => istiod.kill('SIGKILL'));
  return istiod;
}

function istiodArguments(kubeconfig: string, { http, webhooks, monitoring }: Ports): string[] {
  return [
    'discovery',
    `--kubeconfig=${kubeconfig}`,
    `--httpAddr=127.0.0.1:${http}`,
    `--httpsAddr=127.0.0.1:${webhooks}`,
    `--monitoringAddr=127.0.0.1:${monitoring}`,
    '--grpcAddr=',
    '--secureGRPCAddr=',
    // As the chart starts it.
    '--log_output_level=default:info',
    '--domain=cluster.local',
    '--keepaliveMaxServerConnectionAge=30m',
    '--ctrlz_port=0',
  ];
}

async function isReady(istiod: ChildProcess, { http }: Ports, folder: string): Promise<boolean> {
  if (istiod.exitCode !== null) throw new Error(`istiod ended: see ${join(folder, 'istiod.log')}`);
  return (await fetch(`http://127.0.0.1:${http}/ready`)).ok;
}
