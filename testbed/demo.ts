// `npm run demo [-- --once]`: the operator at work on a real API server, in front of your eyes.
import { mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { errorText } from '../src/core/error-text.ts';
import { InstallationWatch } from './demo-view.ts';
import { renderChanges, renderTable, type DemoView } from './demo-table.ts';
import { isConditionTrue } from './istio-operator-condition.ts';
import { createKubectl, type Kubectl } from './kubectl.ts';
import { obtainCluster, type ObtainedCluster } from './obtain.ts';
import {
  applyOperatorConfig,
  buildOperator,
  startOperator,
  writeOperatorKubeconfig,
  type OperatorProcess,
} from './operator-process.ts';

const SAMPLE = join(import.meta.dirname, '../config/samples/istiooperator-default.yaml');
const MESH = { namespace: 'istio-system', name: 'istio' };
const READY_TIMEOUT_MS = 180_000;

const isOnce = process.argv.includes('--once');
const terminal = process.stdout;
/** Undone in reverse order, whatever way the demo ends. */
const undo: (() => Promise<unknown> | void)[] = [];
let logFolder = '';

function say(line: string): void {
  terminal.write(`${line}\n`);
}

async function prepareLogs(cluster: ObtainedCluster): Promise<string> {
  const folder = cluster.embedded?.logsDir ?? (await mkdtemp(join(tmpdir(), 'sailwright-demo-')));
  await mkdir(folder, { recursive: true });
  return folder;
}

async function launchOperator(kubectl: Kubectl): Promise<OperatorProcess> {
  say('applying config/default (kubectl apply -k)');
  await applyOperatorConfig(kubectl);
  const identity = await writeOperatorKubeconfig(kubectl, join(logFolder, 'operator.kubeconfig'));
  say('starting the operator as system:serviceaccount:sailwright-system:sailwright');
  await buildOperator();
  const operator = await startOperator({ name: 'operator', kubeconfig: identity, folder: logFolder });
  undo.push(() => operator.stop());
  return operator;
}

/** Redraws in place on a terminal; elsewhere writes a line for each change. */
function createPainter(): (view: DemoView) => void {
  let before: DemoView | undefined;
  let drawn = 0;
  return (view) => {
    const lines = terminal.isTTY ? renderTable(view, terminal.columns || 100) : renderChanges(before, view);
    if (terminal.isTTY && drawn > 0) terminal.write(`\x1b[${drawn}A\x1b[J`);
    if (lines.length > 0) say(lines.join('\n'));
    drawn = lines.length;
    before = view;
  };
}

/** Shows the installation until it is ready; rejects when the operator ends or time is up. */
async function showInstallation(operator: OperatorProcess): Promise<number> {
  const paint = createPainter();
  let settle: () => void = () => undefined;
  const ready = new Promise<void>((resolve) => (settle = resolve));
  const watch = new InstallationWatch(MESH, (view) => {
    paint(view);
    if (isConditionTrue(watch.resource, 'Ready')) settle();
  });
  const ticker = terminal.isTTY ? setInterval(() => paint(watch.view()), 250) : undefined;
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    const seconds = READY_TIMEOUT_MS / 1000;
    timer = setTimeout(() => reject(new Error(`not Ready after ${seconds} s`)), READY_TIMEOUT_MS);
  });
  const died = operator.exited.then(async ({ code, signal }) => {
    throw new Error(`the operator ended (${signal ?? `exit code ${code ?? '?'}`}):\n${await operator.lastLines()}`);
  });
  const outcome = Promise.race([ready, tooLate, died]);
  // It may reject while the watches still start; it is awaited right after.
  outcome.catch(() => undefined);
  try {
    await watch.start();
    await outcome;
    return watch.view().seconds;
  } finally {
    clearInterval(ticker);
    clearTimeout(timer);
    watch.close();
  }
}

function sayHowToGoOn(cluster: ObtainedCluster): void {
  const kubectl = cluster.embedded?.kubectl ?? 'kubectl';
  say(`
The mesh is yours. In another terminal:

  export KUBECONFIG=${cluster.kubeconfig}
  alias kubectl=${kubectl}

  kubectl get iop,deploy,hpa -n istio-system
  kubectl delete deploy istiod -n istio-system && kubectl get deploy -n istio-system -w
  kubectl patch iop istio -n istio-system --type=merge -p '{"spec":{"profile":"demo"}}'

Logs: ${logFolder}
Ctrl-C ends everything.`);
}

async function runDemo(signal: AbortSignal): Promise<void> {
  const cluster = await obtainCluster({ onProgress: say });
  undo.push(() => cluster.stop());
  signal.throwIfAborted();
  logFolder = await prepareLogs(cluster);
  // The fluent client finds the cluster by the environment.
  process.env['KUBECONFIG'] = cluster.kubeconfig;
  const kubectl = createKubectl(cluster.embedded?.kubectl ?? 'kubectl', cluster.kubeconfig);
  const operator = await launchOperator(kubectl);
  say('applying config/samples/istiooperator-default.yaml\n');
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: MESH.namespace } };
  await kubectl(['apply', '-f', '-'], JSON.stringify(namespace));
  await kubectl(['apply', '-f', SAMPLE]);
  const seconds = await showInstallation(operator);
  say(`\nistiod and the ingress gateway are Ready, ${seconds.toFixed(1)} s after the resource was applied.`);
  if (isOnce) return;
  sayHowToGoOn(cluster);
  const ended = await Promise.race([operator.exited.then(() => 'operator' as const), untilAborted(signal)]);
  if (ended === 'operator') throw new Error(`the operator ended:\n${await operator.lastLines()}`);
}

function untilAborted(signal: AbortSignal): Promise<'stopped'> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve('stopped');
    else signal.addEventListener('abort', () => resolve('stopped'), { once: true });
  });
}

async function tidyUp(): Promise<void> {
  for (const step of undo.splice(0).reverse()) {
    await Promise.resolve(step()).catch((error: unknown) => say(`while ending: ${String(error)}`));
  }
}

const stop = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => stop.abort(new Error('stopped')));

let exitCode = 0;
// Holds the process: the cluster's and the operator's handles do not.
const hold = setInterval(() => undefined, 60_000);
try {
  const stopped = untilAborted(stop.signal).then(() => undefined);
  await Promise.race([runDemo(stop.signal), stopped]);
} catch (error) {
  if (!stop.signal.aborted) {
    exitCode = 1;
    say(`\nThe demo failed: ${errorText(error)}`);
    if (logFolder !== '') say(`Logs: ${logFolder}`);
  }
}
if (stop.signal.aborted) say('\nending the operator and the cluster');
await tidyUp();
clearInterval(hold);
// Open watches of the fluent client would hold the process for minutes.
process.exit(exitCode);
