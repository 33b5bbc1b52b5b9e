// A mesh of Istio's own istiod and proxies on real nodes, installed by the operator as it ships.
import { join } from 'node:path';

import { errorText } from '../../src/core/error-text.ts';
import { ISTIO_1_31 } from '../../src/core/istio/v1-31/index.ts';
import { ensureIstioImages } from '../images/istio-images.ts';
import { ensurePrometheusImage } from '../images/prometheus-image.ts';
import type { Kubectl } from '../kubectl.ts';
import { OPERATOR_NAMESPACE } from '../operator-process.ts';
import { orAborted, PATIENT_KUBECTL } from '../wait.ts';
import { startRealCluster, tellStderr, type RealEnvironment, type RealStart } from './real-cluster.ts';

const ROOT = join(import.meta.dirname, '../..');

/** A tag beside the default one, for a second revision, and to upgrade from. */
export const OTHER_TAG = '1.31.3';

/** The images of Istio that nodes have. */
export const ISTIO_IMAGES = { hub: ISTIO_1_31.defaultHub, tags: [ISTIO_1_31.defaultTag, OTHER_TAG] };

/** Two small nodes shall have room for several control planes and dozens of proxies, a fifth of what they ask for. */
const resourcesFor = (cpu: string): object => ({ requests: { cpu, memory: '64Mi' } });

/** What Istio's own tool installs, of the version that it calls itself by. */
export const HAND_OVER_TAG = ISTIO_1_31.defaultTag;

/** What upstream's Envoy lacks of Istio's build is switched off. */
export const FOR_THE_TESTBED = {
  telemetry: { enabled: false },
  pilot: {
    env: { PILOT_ENABLE_METADATA_EXCHANGE: 'false', PILOT_ENABLE_ALPN_FILTER: 'false' },
    resources: resourcesFor('100m'),
  },
  global: { proxy: { resources: resourcesFor('20m') } },
};

/** Starts nodes with the images of operator and Istio, and applies config/default. */
export async function startMeshCluster(): Promise<RealEnvironment> {
  const environment = await startMeshNodes();
  await applyOperator(environment.kubectl);
  return environment;
}

/** Starts nodes with the images of operator and Istio. */
export async function startMeshNodes(start: Omit<RealStart, 'images'> = {}): Promise<RealEnvironment> {
  const onProgress = start.onProgress ?? tellStderr;
  const images = await orAborted(ensureIstioImages(ISTIO_IMAGES, onProgress), start.signal);
  const prometheus = await orAborted(ensurePrometheusImage(onProgress), start.signal);
  return startRealCluster({ ...start, images: [...images, prometheus] });
}

/** Where the operator asks for metrics, should there be any. */
export const PROMETHEUS_URL = 'http://prometheus.monitoring:9090';

/** Applies config/default, and returns when its pods are ready. */
export async function applyOperator(kubectl: Kubectl): Promise<void> {
  await kubectl(['apply', '--server-side', '-k', join(ROOT, 'config/default')]);
  await addOperatorFlag(kubectl, `--prometheus-url=${PROMETHEUS_URL}`);
  await kubectl(['create', 'namespace', 'istio-system']);
  await waitForOperator(kubectl);
}

/** Has the operator's pods start anew with another flag. */
async function addOperatorFlag(kubectl: Kubectl, flag: string): Promise<void> {
  const patch = [{ op: 'add', path: '/spec/template/spec/containers/0/args/-', value: flag }];
  const operator = ['-n', OPERATOR_NAMESPACE, 'patch', 'deployment', 'sailwright'];
  await kubectl([...operator, '--type=json', '-p', JSON.stringify(patch)]);
}

/** Waits for the operator's pods to be ready, as they are to be now. */
async function waitForOperator(kubectl: Kubectl): Promise<void> {
  await kubectl(['-n', OPERATOR_NAMESPACE, 'rollout', 'status', 'deployment/sailwright', PATIENT_KUBECTL]);
}

/** Two of each, so that a change need not interrupt anything, and nobody gets out but to those whom the mesh knows. */
export const MESH = {
  tag: OTHER_TAG,
  meshConfig: { outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' } },
  components: {
    pilot: { k8s: { hpaSpec: { minReplicas: 2 } } },
    ingressGateways: [
      {
        name: 'istio-ingressgateway',
        enabled: true,
        // Balancers in front learn from each node whether it has a gateway.
        k8s: { hpaSpec: { minReplicas: 2 }, service: { externalTrafficPolicy: 'Local' } },
      },
    ],
    egressGateways: [{ name: 'istio-egressgateway', enabled: true }],
  },
};

/**
 * Applies a mesh's resource with these settings, those of MESH unless told, and waits until it is Ready. Each revision
 * has a name of its own.
 */
export async function installMesh(
  kubectl: Kubectl,
  spec: Record<string, unknown> = MESH,
  name = 'istio',
): Promise<void> {
  await applyMesh(kubectl, spec, name);
  await waitForMesh(kubectl, name);
}

/** Waits until a mesh is Ready; where that takes too long the error says what its resource and its pods look like. */
export async function waitForMesh(kubectl: Kubectl, name = 'istio'): Promise<void> {
  const there = ['-n', 'istio-system'];
  const isReady = [...there, 'wait', `iop/${name}`, '--for=condition=Ready', PATIENT_KUBECTL];
  await kubectl(isReady).catch(async (error: unknown) => {
    const status = await kubectl([...there, 'get', `iop/${name}`, '-o', 'jsonpath={.status}']);
    const pods = await kubectl([...there, 'get', 'pods', '-o', 'wide']);
    const events = await kubectl([...there, 'get', 'events', '--sort-by=.lastTimestamp']);
    throw new Error(`${errorText(error)}: ${status}\n${pods}\n${events}`, { cause: error });
  });
}

/** Applies a mesh's resource with these settings, whatever becomes of it. */
export async function applyMesh(kubectl: Kubectl, spec: Record<string, unknown>, name = 'istio'): Promise<void> {
  await kubectl(['apply', '-f', '-'], JSON.stringify(renderMesh(spec, name)));
}

/** The resource of a mesh with these settings, which works with upstream's Envoy on small nodes. */
export function renderMesh({ values, ...spec }: Record<string, unknown> = {}, name = 'istio'): object {
  return {
    apiVersion: 'install.istio.io/v1alpha1',
    kind: 'IstioOperator',
    metadata: { name, namespace: 'istio-system' },
    spec: { profile: 'default', ...spec, values: mergeValues(FOR_THE_TESTBED, values) },
  };
}

function mergeValues(base: Record<string, unknown>, more: unknown): Record<string, unknown> {
  if (more === undefined) return base;
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(more as Record<string, unknown>)) {
    const below = merged[key];
    const isObject = typeof below === 'object' && below !== null && typeof value === 'object' && value !== null;
    merged[key] = isObject ? mergeValues(below as Record<string, unknown>, value) : value;
  }
  return merged;
}
