import type { JsonObject } from '../../src/core/kube-object.ts';
import { Choices } from './choices.ts';
import { podReview } from './pod-review.ts';

/** Where the meter writes a number that no other sending has. */
export const SERIAL = '0000serial0000';

/** Reviews of pods as workloads make them; no two have the same shape. */
export function distinctPodReviews(count: number, seed = 1): JsonObject[] {
  const choices = new Choices(seed);
  return Array.from({ length: count }, (_, i) => {
    const namespace = `team-${choices.number(1, 150)}`;
    return podReview(pod(choices, i), { uid: `uid-${SERIAL}`, namespace });
  });
}

function pod(choices: Choices, i: number): JsonObject {
  const app = `${choices.oneOf(['shop', 'cart', 'search', 'billing', 'stock'])}-${i}`;
  const containers = choices.many([1, 3], (at) => container(choices, app, at));
  return {
    kind: 'Pod',
    apiVersion: 'v1',
    metadata: {
      ...owner(choices, app),
      labels: labels(choices, app),
      annotations: annotations(choices),
    },
    spec: {
      serviceAccountName: app,
      ...choices.maybe(0.25, () => ({ initContainers: [initContainer(app)] })),
      containers,
      ...choices.maybe(0.3, () => ({ securityContext: { runAsNonRoot: true, runAsUser: 1000, fsGroup: 2000 } })),
      ...choices.maybe(0.3, () => ({ nodeSelector: { 'kubernetes.io/os': 'linux' } })),
      ...choices.maybe(0.5, () => ({ terminationGracePeriodSeconds: choices.number(10, 120) })),
      ...choices.maybe(0.2, () => ({ imagePullSecrets: [{ name: 'registry' }] })),
      volumes: volumes(choices, app),
    },
  };
}

function owner(choices: Choices, app: string): JsonObject {
  const [apiVersion, kind] = choices.oneOf([
    ['apps/v1', 'ReplicaSet'],
    ['apps/v1', 'ReplicaSet'],
    ['apps/v1', 'StatefulSet'],
    ['apps/v1', 'DaemonSet'],
    ['batch/v1', 'Job'],
  ]);
  const name = kind === 'ReplicaSet' ? `${app}-6b746f74dc` : app;
  return {
    generateName: `${name}-`,
    ownerReferences: [{ apiVersion, kind, name, uid: SERIAL, controller: true }],
  };
}

function labels(choices: Choices, app: string): JsonObject {
  return {
    app,
    version: `v${choices.number(1, 9)}`,
    'pod-template-hash': SERIAL,
    ...choices.maybe(0.4, () => ({ 'app.kubernetes.io/name': app, 'app.kubernetes.io/part-of': 'shop' })),
    ...choices.maybe(0.3, () => ({ team: `team-${choices.number(1, 40)}` })),
  };
}

function annotations(choices: Choices): JsonObject {
  return {
    ...choices.maybe(0.4, () => ({ 'prometheus.io/scrape': 'true', 'prometheus.io/port': '9080' })),
    ...choices.maybe(0.15, () => ({
      'traffic.sidecar.istio.io/excludeOutboundPorts': `${choices.number(3000, 9000)}`,
    })),
    ...choices.maybe(0.15, () => ({ 'sidecar.istio.io/proxyCPU': `${choices.number(50, 500)}m` })),
    ...choices.maybe(0.1, () => ({ 'proxy.istio.io/config': `concurrency: ${choices.number(1, 8)}` })),
    ...choices.maybe(0.3, () => ({ 'example.com/rollout': `release-${choices.number(1, 999)}` })),
  };
}

function container(choices: Choices, app: string, at: number): JsonObject {
  const port = 8080 + at;
  return {
    name: at === 0 ? app : `${app}-helper-${at}`,
    image: `registry.example/${app}:1.${choices.number(0, 40)}.${choices.number(0, 9)}`,
    imagePullPolicy: 'IfNotPresent',
    ports: [{ containerPort: port, protocol: 'TCP', ...choices.maybe(0.5, () => ({ name: `http-${at}` })) }],
    ...choices.maybe(0.5, () => ({ args: choices.many([1, 5], (i) => `--option-${i}=${choices.number(1, 99)}`) })),
    ...choices.maybe(0.7, () => ({
      env: choices.many([1, 12], (i) => ({ name: `SETTING_${i}`, value: `value-${choices.number(1, 999)}` })),
    })),
    ...choices.maybe(0.8, () => ({ readinessProbe: probe(choices, port) })),
    ...choices.maybe(0.6, () => ({ livenessProbe: probe(choices, port) })),
    resources: {
      requests: { cpu: `${choices.number(1, 20) * 50}m`, memory: `${choices.number(1, 16) * 64}Mi` },
      ...choices.maybe(0.5, () => ({ limits: { memory: `${choices.number(8, 32) * 128}Mi` } })),
    },
    volumeMounts: [
      { name: 'tmp', mountPath: '/tmp' },
      { name: 'kube-api-access', mountPath: '/var/run/secrets/kubernetes.io/serviceaccount', readOnly: true },
    ],
    ...choices.maybe(0.4, () => ({
      securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true },
    })),
  };
}

function probe(choices: Choices, port: number): JsonObject {
  const timing = { periodSeconds: choices.number(5, 30), timeoutSeconds: choices.number(1, 5) };
  const http = { httpGet: { path: `/health/${choices.number(1, 9)}`, port } };
  return {
    ...choices.oneOf<JsonObject>([http, http, { tcpSocket: { port } }, { exec: { command: ['true'] } }]),
    ...timing,
  };
}

function initContainer(app: string): JsonObject {
  return { name: 'migrate', image: `registry.example/${app}-migrate:1.0`, command: ['migrate', 'up'], resources: {} };
}

function volumes(choices: Choices, app: string): JsonObject[] {
  const token = { serviceAccountToken: { path: 'token', expirationSeconds: 3607 } };
  return [
    { name: 'tmp', emptyDir: {} },
    { name: 'kube-api-access', projected: { sources: [token, { configMap: { name: 'kube-root-ca.crt' } }] } },
    ...choices.many([0, 3], (i) => ({ name: `config-${i}`, configMap: { name: `${app}-${i}` } })),
  ];
}
