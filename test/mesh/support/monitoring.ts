import { PROMETHEUS_IMAGE } from '../../../testbed/images/prometheus-image.ts';
import type { Kubectl } from '../../../testbed/kubectl.ts';
import { waitForPods } from '../../../testbed/mesh/pods.ts';
import { apply, createNamespace } from '../../../testbed/mesh/workloads.ts';
import { waitFor } from '../../../testbed/wait.ts';

const NAMESPACE = 'monitoring';
const PORT = 9090;
/** Of proxies that tell more than the usual, which Prometheus asks. */
const MORE_STATS = 'sidecar.istio.io/statsInclusionPrefixes';
/** Of a pod's proxy: Envoy's own metrics. */
const PROXY_METRICS = { portName: 'http-envoy-prom', path: '/stats/prometheus' };

/** The annotations of a pod whose proxy is asked, also for its metrics with this prefix. */
export function monitored(prefix: string): Record<string, string> {
  return { [MORE_STATS]: prefix };
}

/** Starts a Prometheus where the operator looks for it, which asks the proxies of all monitored pods every second. */
export async function startMonitoring(kubectl: Kubectl): Promise<void> {
  const discovered = (name: string): string[] => [`__meta_kubernetes_pod_${name.replaceAll(/[./]/g, '_')}`];
  const job = {
    job_name: 'proxies',
    metrics_path: PROXY_METRICS.path,
    kubernetes_sd_configs: [{ role: 'pod' }],
    relabel_configs: [
      { action: 'keep', source_labels: discovered(`annotationpresent_${MORE_STATS}`), regex: 'true' },
      { action: 'keep', source_labels: discovered('container_port_name'), regex: PROXY_METRICS.portName },
      { source_labels: ['__meta_kubernetes_namespace'], target_label: 'namespace' },
      { source_labels: ['__meta_kubernetes_pod_name'], target_label: 'pod' },
    ],
  };
  const config = { global: { scrape_interval: '1s' }, scrape_configs: [job] };
  const labels = { app: 'prometheus' };
  const metadata = { namespace: NAMESPACE, name: 'prometheus' };
  await createNamespace(kubectl, NAMESPACE);
  await apply(
    kubectl,
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name: metadata.name },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' },
      subjects: [{ kind: 'ServiceAccount', ...metadata }],
    },
    { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { 'prometheus.yml': JSON.stringify(config) } },
    { apiVersion: 'v1', kind: 'Service', metadata, spec: { selector: labels, ports: [{ port: PORT }] } },
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { ...metadata, labels },
      spec: {
        serviceAccountName: metadata.name,
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

/** Waits until Prometheus was answered by so many proxies of a namespace. */
export async function waitForMetrics(kubectl: Kubectl, namespace: string, proxies: number): Promise<void> {
  const query = encodeURIComponent(`sum(up{namespace="${namespace}"})`);
  const path = `/api/v1/namespaces/${NAMESPACE}/services/prometheus:${PORT}/proxy/api/v1/query?query=${query}`;
  await waitFor(`Prometheus to know ${proxies} proxies of ${namespace}`, async () => {
    const said = await kubectl(['get', '--raw', path]);
    const { data } = JSON.parse(said) as { data: { result: { value: [number, string] }[] } };
    return data.result[0]?.value[1] === String(proxies);
  });
}
