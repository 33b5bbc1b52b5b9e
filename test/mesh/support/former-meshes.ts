// Meshes of other installers, by their own tools: what an operator finds where it comes late.
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parseAllDocuments } from 'yaml';

import { FORMER_FINALIZER } from '../../../src/api/install/conditions.ts';
import type { KubeObject } from '../../../src/core/kube-object.ts';
import { ensureHelm } from '../../../testbed/helm-program.ts';
import { ensureIstioctl, findIstioCharts } from '../../../testbed/istio-programs.ts';
import { FOR_THE_TESTBED, HAND_OVER_TAG, ISTIO_IMAGES, renderMesh } from '../../../testbed/mesh/mesh.ts';
import { tellStderr, type RealEnvironment } from '../../../testbed/mesh/real-cluster.ts';
import { apply, createNamespace } from '../../../testbed/mesh/workloads.ts';
import { PATIENT_KUBECTL } from '../../../testbed/wait.ts';

const run = promisify(execFile);
const MAX_OUTPUT = 32_000_000;
const NAMESPACE = 'istio-system';
const GATEWAY = 'istio-ingressgateway';
/** Two of each, so that a change need not interrupt anything. */
const SPEC = {
  hub: ISTIO_IMAGES.hub,
  tag: HAND_OVER_TAG,
  components: {
    pilot: { k8s: { hpaSpec: { minReplicas: 2 } } },
    ingressGateways: [{ name: GATEWAY, enabled: true, k8s: { hpaSpec: { minReplicas: 2 } } }],
  },
};

/** An installer: what it leaves on nodes that have the operator already, with its files in this folder. */
export type Installer = (environment: RealEnvironment, folder: string) => Promise<void>;

/** `istioctl install`, which also makes the tag `default` and a webhook that validates what names no revision. */
export async function installByIstioctl({ cluster }: RealEnvironment, folder: string): Promise<void> {
  const istioctl = await ensureIstioctl(HAND_OVER_TAG, tellStderr);
  const file = await writeJson(folder, 'mesh', renderMesh(SPEC));
  await run(istioctl, ['install', '-y', '-f', file, '--kubeconfig', cluster.kubeconfig]);
}

/** `helm install` of the charts that come with Istio's sources: base, istiod and gateway. */
export async function installByHelm({ cluster }: RealEnvironment, folder: string): Promise<void> {
  const helm = await ensureHelm(tellStderr);
  const charts = await findIstioCharts();
  const homes = { HELM_CACHE_HOME: folder, HELM_CONFIG_HOME: folder, HELM_DATA_HOME: folder };
  const env = { ...process.env, ...homes, KUBECONFIG: cluster.kubeconfig };
  const install = async (name: string, chart: string, values: object): Promise<void> => {
    const version = [`--version=${HAND_OVER_TAG}`, `--app-version=${HAND_OVER_TAG}`];
    const packed = await run(helm, ['package', join(charts, chart), ...version, '-d', folder], { env });
    const archive = /saved it to: (.*)$/m.exec(packed.stdout)?.[1] ?? '';
    const file = await writeJson(folder, name, values);
    await run(helm, ['install', name, archive, '-n', NAMESPACE, '-f', file, '--wait', '--timeout=10m'], { env });
  };
  const { pilot, global, telemetry } = FOR_THE_TESTBED;
  const images = { hub: ISTIO_IMAGES.hub, tag: HAND_OVER_TAG };
  await install('base', 'base', { defaultRevision: 'default' });
  await install('istiod', 'istio-control/istio-discovery', {
    ...pilot,
    autoscaleMin: 2,
    global: { ...global, ...images },
    telemetry,
  });
  const { resources } = global.proxy;
  // Of an image without a version Kubernetes would ask the registry, which nodes here do not reach.
  const imagePullPolicy = 'IfNotPresent';
  await install(GATEWAY, 'gateway', { autoscaling: { minReplicas: 2 }, resources, imagePullPolicy });
}

/** Where Istio's former operator ran. */
export const FORMER_OPERATOR = ['-n', 'istio-operator', 'deployment/istio-operator'];
const FORMER_IMAGE = 'docker.io/istio/operator:1.23.6';

/**
 * What Istio's operator of before left: all that its resource asks for, with labels that name it, the resource with the
 * operator's finalizer, and the operator's Deployment, whose image nobody has any more.
 */
export async function installByFormerOperator({ cluster, kubectl }: RealEnvironment, folder: string): Promise<void> {
  const istioctl = await ensureIstioctl(HAND_OVER_TAG, tellStderr);
  const resource = renderMesh({ ...SPEC, values: { defaultRevision: 'default' } }, 'installed') as KubeObject;
  const file = await writeJson(folder, 'mesh', resource);
  const args = ['manifest', 'generate', '-f', file, '--kubeconfig', cluster.kubeconfig];
  const { stdout } = await run(istioctl, args, { maxBuffer: MAX_OUTPUT });
  const objects = parseAllDocuments(stdout).flatMap((document) => {
    const object = document.toJS() as KubeObject | null;
    return object ? [withOwner(object, resource.metadata)] : [];
  });
  const items = { apiVersion: 'v1', kind: 'List', items: objects };
  await kubectl(['apply', '--server-side', '--field-manager=istio-operator', '-f', '-'], JSON.stringify(items));
  await kubectl(['-n', NAMESPACE, 'rollout', 'status', 'deployment/istiod', PATIENT_KUBECTL]);
  await kubectl(['-n', NAMESPACE, 'rollout', 'status', `deployment/${GATEWAY}`, PATIENT_KUBECTL]);
  await createNamespace(kubectl, 'istio-operator');
  const labels = { name: 'istio-operator' };
  const containers = [{ name: 'istio-operator', image: FORMER_IMAGE }];
  await apply(
    kubectl,
    { ...resource, metadata: { ...resource.metadata, finalizers: [FORMER_FINALIZER] } },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { ...labels, namespace: 'istio-operator' },
      spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers } } },
    },
  );
}

function withOwner(object: KubeObject, { name, namespace = '' }: KubeObject['metadata']): KubeObject {
  const owner = {
    'install.operator.istio.io/owning-resource': name,
    'install.operator.istio.io/owning-resource-namespace': namespace,
  };
  const { labels, ...metadata } = object.metadata;
  return { ...object, metadata: { ...metadata, labels: { ...labels, ...owner } } };
}

async function writeJson(folder: string, name: string, value: object): Promise<string> {
  const file = join(folder, `${name}.json`);
  await writeFile(file, JSON.stringify(value));
  return file;
}
