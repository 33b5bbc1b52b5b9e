// The operator at work on a real API server with simulated nodes: what it creates becomes Ready within seconds.
import { mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { errorText } from '../../src/core/error-text.ts';
import { hasBinaries } from '../binaries.ts';
import { createKubectl, type Kubectl } from '../kubectl.ts';
import { obtainCluster, type ObtainedCluster } from '../obtain.ts';
import {
  applyOperatorConfig,
  buildOperator,
  OPERATOR_PROGRAM,
  startOperator,
  writeOperatorKubeconfig,
  type OperatorProcess,
} from '../operator-process.ts';
import { untilAborted } from '../wait.ts';
import { showPreview } from './preview.ts';
import { SAMPLE } from './samples.ts';
import { showInstallation } from './show-installation.ts';
import { showInjection, showRefusal, showRepair } from './show-work.ts';
import type { Stage } from './stage.ts';

const MESH = { namespace: 'istio-system', name: 'istio' };

/** Plays it to its end, or until the viewer has seen enough. */
export async function runSimulatedDemo(stage: Stage): Promise<void> {
  const { screen, signal } = stage;
  await buildOperator();
  const preview = showWhileBuilding(stage);
  const cluster = await obtainCluster({ onProgress: stage.progress, signal });
  stage.defer(() => cluster.stop());
  signal.throwIfAborted();
  await preview;
  const logFolder = await prepareLogs(cluster);
  stage.tellLogs(logFolder);
  // The fluent client finds the cluster by the environment.
  process.env['KUBECONFIG'] = cluster.kubeconfig;
  const kubectl = createKubectl(cluster.kubectl, cluster.kubeconfig);
  const operator = await launchOperator(stage, kubectl, logFolder);
  screen.tell('applying config/samples/istiooperator-default.yaml\n');
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: MESH.namespace } };
  await kubectl(['apply', '-f', '-'], JSON.stringify(namespace));
  await kubectl(['apply', '-f', SAMPLE]);
  const died = operator.exited.then(async ({ code, signal }) => {
    throw new Error(`the operator ended (${signal ?? `exit code ${code ?? '?'}`}):\n${await operator.lastLines()}`);
  });
  // It is looked at in two places, and in none of them all the time.
  died.catch(() => undefined);
  const seconds = await showInstallation(stage, MESH, died);
  screen.tell(`\nistiod and the ingress gateway are Ready after ${seconds.toFixed(1)} s`);
  await showWork(stage, cluster, kubectl);
  if (stage.isOnce) return;
  screen.say(howToGoOn(cluster, logFolder));
  await Promise.race([died, untilAborted(signal)]);
}

/** On the first run on a machine there is time to look at what needs no cluster. A missing Go is told elsewhere. */
async function showWhileBuilding({ screen, signal }: Stage): Promise<void> {
  if (process.env['KUBECONFIG'] || (await hasBinaries().catch(() => true))) return;
  await showPreview({ screen, signal }, OPERATOR_PROGRAM).catch((error: unknown) => {
    if (!signal.aborted) screen.tell(errorText(error));
  });
}

async function showWork(stage: Stage, cluster: ObtainedCluster, kubectl: Kubectl): Promise<void> {
  if (cluster.embedded === undefined) {
    stage.screen.tell('\nInjection and validation are not shown: that cluster cannot call webhooks of this machine.');
  } else {
    await showInjection(stage, kubectl);
    await showRefusal(stage, kubectl);
  }
  await showRepair(stage);
}

async function prepareLogs(cluster: ObtainedCluster): Promise<string> {
  const folder = cluster.embedded?.logsDir ?? (await mkdtemp(join(tmpdir(), 'sailwright-demo-')));
  await mkdir(folder, { recursive: true });
  return folder;
}

async function launchOperator(stage: Stage, kubectl: Kubectl, folder: string): Promise<OperatorProcess> {
  const { screen } = stage;
  screen.tell('applying config/default (kubectl apply -k)');
  await applyOperatorConfig(kubectl);
  const identity = await writeOperatorKubeconfig(kubectl, join(folder, 'operator.kubeconfig'));
  screen.tell('starting the operator as system:serviceaccount:sailwright-system:sailwright');
  const operator = await startOperator({ name: 'operator', kubeconfig: identity, folder });
  stage.defer(() => operator.stop());
  return operator;
}

function howToGoOn(cluster: ObtainedCluster, logFolder: string): string {
  return `
The mesh is yours. In another terminal:

  export KUBECONFIG=${cluster.kubeconfig}
  alias kubectl=${cluster.kubectl}

  kubectl get iop,deploy,hpa -n istio-system
  kubectl delete deploy istiod -n istio-system && kubectl get deploy -n istio-system -w
  kubectl patch iop istio -n istio-system --type=merge -p '{"spec":{"profile":"demo"}}'

  npm run -s sailwright -- status
  npm run -s sailwright -- dashboard

Logs: ${logFolder}
Ctrl-C ends everything.`;
}
