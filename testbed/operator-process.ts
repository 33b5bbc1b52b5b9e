// Runs the operator as a process beside the cluster, as its own ServiceAccount, so that its RBAC is really used.
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Kubectl } from './kubectl.ts';
import { findFreePorts } from './ports.ts';
import { writeServiceAccountKubeconfig } from './service-account-kubeconfig.ts';
import { waitFor } from './wait.ts';

const ROOT = join(import.meta.dirname, '..');
export const OPERATOR_NAMESPACE = 'sailwright-system';
const SERVICE_ACCOUNT = 'sailwright';

/** Applies config/default and waits until the API serves IstioOperators. */
export async function applyOperatorConfig(kubectl: Kubectl): Promise<void> {
  await kubectl(['apply', '--server-side', '-k', join(ROOT, 'config/default')]);
  // The operator runs beside the cluster, where its Service does not lead: each call would only end by its timeout.
  await kubectl(['delete', 'validatingwebhookconfiguration', 'sailwright-istiooperator']);
  // `kubectl wait` fails on a definition so new that it has no conditions yet.
  await waitFor('the API to serve IstioOperators', () =>
    kubectl(['get', 'istiooperators.install.istio.io', '-A', '-o', 'name']).then(() => true),
  );
}

/** Writes a kubeconfig for the operator's own ServiceAccount. */
export function writeOperatorKubeconfig(kubectl: Kubectl, path: string): Promise<string> {
  return writeServiceAccountKubeconfig(kubectl, { namespace: OPERATOR_NAMESPACE, name: SERVICE_ACCOUNT, path });
}

/** The program as it is shipped, once {@link buildOperator} has built it. */
export const OPERATOR_PROGRAM = join(ROOT, 'dist/sailwright.js');

/** Bundles dist/ from the sources as they are now: the operator runs as it is shipped, and never an old one. */
export async function buildOperator(): Promise<void> {
  const child = spawn(process.execPath, [join(ROOT, 'tools/build.ts')], { stdio: ['ignore', 'inherit', 'inherit'] });
  const code = await new Promise((resolve) => child.once('exit', resolve));
  if (code !== 0) throw new Error('the operator does not build: see the lines above');
}

/** What an operator process is started with. */
export interface OperatorLaunch {
  /** Names the process and its log file. */
  name: string;
  kubeconfig: string;
  /** Folder for logs. */
  folder: string;
  env?: Record<string, string>;
  /** Where the API server calls its webhooks; its own port unless told, e.g. a forwarder in front of several. */
  webhookUrl?: string;
  /** Further flags of `sailwright run`. */
  flags?: readonly string[];
}

/** The ports of one operator. */
export interface OperatorPorts {
  metrics: number;
  health: number;
  webhook: number;
}

/** How an operator process ended. */
export interface OperatorExit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** One running operator. */
export class OperatorProcess {
  readonly name: string;
  readonly logFile: string;
  readonly metricsPort: number;
  readonly healthPort: number;
  readonly webhookPort: number;
  readonly exited: Promise<OperatorExit>;
  readonly #child: ChildProcess;
  #exit: OperatorExit | undefined;

  constructor(launch: OperatorLaunch, ports: OperatorPorts) {
    this.name = launch.name;
    this.logFile = join(launch.folder, `${launch.name}.log`);
    this.metricsPort = ports.metrics;
    this.healthPort = ports.health;
    this.webhookPort = ports.webhook;
    const log = openSync(this.logFile, 'a');
    try {
      this.#child = spawn(process.execPath, operatorArguments(launch, ports), {
        stdio: ['pipe', log, log],
        env: operatorEnvironment(launch),
        // Ctrl-C in the terminal reaches us only: we end the operator first, then the cluster under it.
        detached: true,
      });
    } finally {
      closeSync(log);
    }
    this.exited = new Promise((resolve) => {
      const finish = (exit: OperatorExit): void => {
        this.#exit ??= exit;
        resolve(this.#exit);
      };
      this.#child.once('exit', (code, signal) => finish({ code, signal }));
      this.#child.once('error', () => finish({ code: 127, signal: null }));
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Undefined while it runs. */
  get exit(): OperatorExit | undefined {
    return this.#exit;
  }

  /** Asks it to end by SIGTERM and waits; SIGKILL after the grace period. */
  async stop(graceMs = 15_000): Promise<OperatorExit> {
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), graceMs);
    this.#child.kill('SIGTERM');
    return this.exited.finally(() => clearTimeout(timer));
  }

  /** kill -9: no time to tidy up. */
  async kill(): Promise<OperatorExit> {
    this.#child.kill('SIGKILL');
    return this.exited;
  }

  /** The last lines of its log, for error messages. */
  async lastLines(count = 10): Promise<string> {
    const text = await readFile(this.logFile, 'utf8').catch(() => '');
    return text.trimEnd().split('\n').slice(-count).join('\n');
  }

  /** The text of its /metrics page. */
  async fetchMetrics(): Promise<string> {
    return (await fetch(`http://127.0.0.1:${this.metricsPort}/metrics`, { signal: AbortSignal.timeout(5_000) })).text();
  }

  /** The status code of a health path; 0 while nothing listens. */
  async fetchHealth(path: '/healthz' | '/readyz'): Promise<number> {
    const url = `http://127.0.0.1:${this.healthPort}${path}`;
    return fetch(url, { signal: AbortSignal.timeout(5_000) }).then(
      (response) => response.status,
      () => 0,
    );
  }
}

function operatorArguments(launch: OperatorLaunch, ports: OperatorPorts): string[] {
  return [
    // As in the image.
    '--max-semi-space-size=4',
    '--import',
    join(import.meta.dirname, 'end-with-parent.js'),
    OPERATOR_PROGRAM,
    'run',
    `--namespace=${OPERATOR_NAMESPACE}`,
    `--metrics-port=${ports.metrics}`,
    `--health-port=${ports.health}`,
    `--webhook-port=${ports.webhook}`,
    '--webhook-host=127.0.0.1',
    // Services have no addresses that a process outside of the cluster could have.
    `--webhook-url=${launch.webhookUrl ?? `https://127.0.0.1:${ports.webhook}`}`,
    ...(launch.flags ?? []),
  ];
}

function operatorEnvironment(launch: OperatorLaunch): NodeJS.ProcessEnv {
  const { PATH, HOME } = process.env;
  return {
    PATH,
    HOME,
    KUBECONFIG: launch.kubeconfig,
    POD_NAME: launch.name,
    POD_NAMESPACE: OPERATOR_NAMESPACE,
    // As in the image.
    MALLOC_ARENA_MAX: '1',
    ...launch.env,
  };
}

/** Starts an operator on free ports. It is running, not ready, when this returns. */
export async function startOperator(launch: OperatorLaunch): Promise<OperatorProcess> {
  const [metrics = 0, health = 0, webhook = 0] = await findFreePorts(3);
  return new OperatorProcess(launch, { metrics, health, webhook });
}
