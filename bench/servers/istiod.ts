// Istiod by itself, for its webhooks: beside the embedded cluster, with its configuration in files.
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parseAllDocuments } from 'yaml';
import { startCluster } from '../../testbed/cluster.ts';
import { ensureIstioPrograms } from '../../testbed/istio-programs.ts';
import { createKubectl } from '../../testbed/kubectl.ts';
import { findFreePorts } from '../../testbed/ports.ts';
import { waitFor } from '../../testbed/wait.ts';
import type { MeasuredServer } from './measured-server.ts';

const NAMESPACE = 'istio-system';
const MANIFEST_BYTES = 64 * 2 ** 20;

export interface IstiodOptions {
  version: string;
  /** Writes the manifests that hold its configuration. */
  istioctl: string;
  /** Where its files go. */
  folder: string;
}

interface Ports {
  http: number;
  webhooks: number;
  monitoring: number;
}

/** Starts istiod of the default profile, which is ready when this resolves. */
export async function startIstiod({ version, istioctl, folder }: IstiodOptions): Promise<MeasuredServer> {
  const programs = await ensureIstioPrograms(version, (line) => console.error(line));
  await writeConfiguration(istioctl, folder);
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
    return { name: 'istiod', port: webhooks, pid: istiod.pid ?? 0, stop };
  } catch (error) {
    await cluster.stop();
    throw error;
  }
}

/** Where istiod looks for them: below the folder that it runs in. */
async function writeConfiguration(istioctl: string, folder: string): Promise<void> {
  const { stdout } = await promisify(execFile)(istioctl, ['manifest', 'generate'], { maxBuffer: MANIFEST_BYTES });
  const objects = parseAllDocuments(stdout).map((document) => document.toJS() as ConfigMap | null);
  const dataOf = (name: string): Record<string, string> =>
    objects.find((object) => object?.kind === 'ConfigMap' && object.metadata.name === name)?.data ?? {};
  const { config = '', values = '' } = dataOf('istio-sidecar-injector');
  const { mesh = '' } = dataOf('istio');
  const files = { 'var/lib/istio/inject/config': config, 'var/lib/istio/inject/values': values };
  for (const [path, content] of Object.entries({ ...files, 'etc/istio/config/mesh': mesh })) {
    if (content === '') throw new Error(`the manifests of istioctl hold nothing for ${path}`);
    await mkdir(join(folder, path, '..'), { recursive: true });
    await writeFile(join(folder, path), content);
  }
}

interface ConfigMap {
  kind: string;
  metadata: { name: string };
  data?: Record<string, string>;
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
