import { PROMETHEUS_IMAGE } from '../../../testbed/images/prometheus-image.ts';
import type { Kubectl } from '../../../testbed/kubectl.ts';
import { waitForPods } from '../../../testbed/mesh/pods.ts';
import { apply, createNamespace } from '../../../testbed/mesh/workloads.ts';
import { waitFor } from '../../../testbed/wait.ts';

const NAMESPACE = 'monitoring';
const PORT = 9090;
/** Of a pod's proxy: Envoy's own metrics. */
const PROXY_METRICS = { port: 15090, path: '/stats/prometheus' };
/** Debian's Prometheus finds targets by DNS, and knows nothing of Kubernetes. */
const TARGETS = 'monitored';

/** The annotations of a pod whose proxy tells more than the usual: its metrics with this prefix. */
export function withStats(prefix: string): Record<string, string> {
  return { 'sidecar.istio.io/statsInclusionPrefixes': prefix };
}

/**
 * Starts a Prometheus where the operator looks for it, which every second asks the proxies that monitor() tells it of;
 * the metrics of each of these namespaces are those of the job with its name.
 */
export async function startMonitoring(kubectl: Kubectl, namespaces: readonly string[]): Promise<void> {
  const jobs = namespaces.map((name) => ({
    job_name: name,
    metrics_path: PROXY_METRICS.path,
    dns_sd_configs: [
      { names: [`${TARGETS}.${name}.svc.cluster.local`], type: 'A', port: PROXY_METRICS.port, refresh_interval: '1s' },
    ],
  }));
  const config = { global: { scrape_interval: '1s' }, scrape_configs: jobs };
  const labels = { app: 'prometheus' };
  const metadata = { namespace: NAMESPACE, name: 'prometheus' };
  await createNamespace(kubectl, NAMESPACE);
  await apply(
    kubectl,
    { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { 'prometheus.yml': JSON.stringify(config) } },
    { apiVersion: 'v1', kind: 'Service', metadata, spec: { selector: labels, ports: [{ port: PORT }] } },
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { ...metadata, labels },
      spec: {
        containers: [
          {
            name: 'prometheus',
            image: PROMETHEUS_IMAGE,
            args: ['--config.file=/etc/prometheus/prometheus.yml', '--storage.tsdb.path=/data'],
            readinessProbe: { httpGet: { path: '/-/ready', port: PORT }, periodSeconds: 1 },
            volumeMounts: [
              { name: 'config', mountPath: '/etc/prometheus' },
              { name: 'data', mountPath: '/data' },
            ],
          },
        ],
        securityContext: { fsGroup: 65532 },
        volumes: [
          { name: 'config', configMap: { name: 'prometheus' } },
          { name: 'data', emptyDir: {} },
        ],
      },
    },
  );
  await waitForPods(kubectl, NAMESPACE, { selector: 'app=prometheus', count: 1 });
}

/** Lets Prometheus ask the proxies of an application in a namespace that it looks at, and waits until one has answered. */
export async function monitor(kubectl: Kubectl, namespace: string, app: string): Promise<void> {
  await apply(kubectl, {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { namespace, name: TARGETS },
    spec: { clusterIP: 'None', selector: { app }, ports: [{ name: 'tcp-metrics', port: PROXY_METRICS.port }] },
  });
  const query = encodeURIComponent(`up{job="${namespace}"}`);
  const path = `/api/v1/namespaces/${NAMESPACE}/services/prometheus:${PORT}/proxy/api/v1/query?query=${query}`;
  await waitFor(`Prometheus to be answered by ${app} in ${namespace}`, async () => {
    const { data } = JSON.parse(await kubectl(['get', '--raw', path])) as {
      data: { result: { value: [time: number, value: string] }[] };
    };
    return data.result.some(({ value: [, value] }) => value === '1');
  });
}
