// Pods to see a mesh by: services that echo, and clients that count what comes back.
import { TRAFFIC_IMAGE } from '../images/traffic-images.ts';
import type { Kubectl } from '../kubectl.ts';
import { waitForPods, type Pod } from './pods.ts';

/** A Deployment of the echo service, with a ServiceAccount of the same name. */
export interface Workload {
  readonly namespace: string;
  /** `app` label, and the name in answers unless a version is named. */
  readonly name: string;
  /** Several versions share one Service, and their answers name the version. */
  readonly version?: string;
  readonly replicas?: number;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
  /** Node to run on; any unless named. */
  readonly node?: string;
  /** How long it goes on answering once it is told to end, as services do that nobody should miss; 0 unless set. */
  readonly drainSeconds?: number;
}

const PORT = 8080;

/** Creates a namespace, with labels such as `istio-injection: enabled`. */
export async function createNamespace(
  kubectl: Kubectl,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): Promise<void> {
  await apply(kubectl, { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } });
}

/** Deletes namespaces with all that is in them, which goes on for a while. */
export async function deleteNamespaces(kubectl: Kubectl, ...names: string[]): Promise<void> {
  await kubectl(['delete', 'namespace', ...names, '--ignore-not-found', '--wait=false']);
}

/** Applies objects of any kinds. */
export async function apply(kubectl: Kubectl, ...objects: object[]): Promise<string> {
  return kubectl(['apply', '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }));
}

/** Creates the workload with its Service on port 8080, and returns its pods when they are ready. */
export async function deploy(kubectl: Kubectl, workload: Workload): Promise<Pod[]> {
  const [pods = []] = await deployAll(kubectl, workload);
  return pods;
}

/** The same for several, of which some may be versions of one service; returns the pods of each. */
export async function deployAll(kubectl: Kubectl, ...workloads: readonly Workload[]): Promise<Pod[][]> {
  // One after the other: two who make the Service of two versions at the same moment would get in each other's way.
  await apply(kubectl, ...workloads.flatMap((one) => [serviceAccount(one), service(one), deployment(one)]));
  return Promise.all(
    workloads.map(({ namespace, name, version, replicas = 1 }) => {
      const selector = `app=${name}${version === undefined ? '' : `,version=${version}`}`;
      return waitForPods(kubectl, namespace, { selector, count: replicas });
    }),
  );
}

function serviceAccount({ namespace, name }: Workload): object {
  return { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { namespace, name } };
}

function service({ namespace, name }: Workload): object {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { namespace, name, labels: { app: name } },
    spec: { selector: { app: name }, ports: [{ name: 'http-echo', port: PORT }] },
  };
}

function deployment(workload: Workload): object {
  const { namespace, name, version, replicas = 1, node, drainSeconds } = workload;
  const labels = { app: name, ...(version !== undefined && { version }) };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { namespace, name: version === undefined ? name : `${name}-${version}` },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels: { ...labels, ...workload.labels }, annotations: workload.annotations },
        spec: {
          serviceAccountName: name,
          terminationGracePeriodSeconds: 5 + (drainSeconds ?? 0),
          ...(node !== undefined && { nodeSelector: { 'kubernetes.io/hostname': node } }),
          containers: [
            {
              name: 'app',
              image: TRAFFIC_IMAGE,
              args: ['serve', `-name=${version ?? name}`],
              ports: [{ containerPort: PORT }],
              ...(drainSeconds !== undefined && { lifecycle: { preStop: { sleep: { seconds: drainSeconds } } } }),
              // Soon ready, and not unready where the machine is busy for some seconds.
              readinessProbe: {
                httpGet: { path: '/healthz', port: PORT },
                periodSeconds: 1,
                timeoutSeconds: 5,
                failureThreshold: 10,
              },
            },
          ],
        },
      },
    },
  };
}

/** What a client of testbed/traffic counted. */
export interface Tally {
  requests: number;
  failed: number;
  /** One entry of several gave no answer, and another was asked. */
  retried: number;
  statuses: Record<string, number>;
  names: Record<string, number>;
  pods: Record<string, number>;
  identities: Record<string, number>;
  errors: Record<string, number>;
  /** Since the first request; none when none failed. */
  firstFailureMs?: number;
  lastFailureMs?: number;
  medianMs: number;
  p99Ms: number;
  slowestMs: number;
}

/** Sends requests from a pod, by the flags of `testbed-traffic load`. */
export async function send(kubectl: Kubectl, from: Pod, ...flags: string[]): Promise<Tally> {
  return JSON.parse(await run(kubectl, from, 'load', ...flags)) as Tally;
}

/** Runs a command of testbed-traffic in a pod. */
export async function run(kubectl: Kubectl, pod: Pod, ...command: string[]): Promise<string> {
  const { name, namespace } = pod.metadata;
  return kubectl(['-n', namespace, 'exec', name, '-c', 'app', '--', '/testbed-traffic', ...command]);
}
