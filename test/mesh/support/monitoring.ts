import { PROMETHEUS_IMAGE } from '../../../testbed/images/prometheus-image.ts';
import type { Kubectl } from '../../../testbed/kubectl.ts';
import { waitForPods, type Pod } from '../../../testbed/mesh/pods.ts';
import { apply, createNamespace } from '../../../testbed/mesh/workloads.ts';

const NAMESPACE = 'monitoring';
const PORT = 9090;
/** Of a pod's proxy: Envoy's own metrics. */
const PROXY_METRICS = { port: 15090, path: '/stats/prometheus' };

/** Starts a Prometheus where the operator looks for it, which asks the proxies of these pods every second. */
export async function startMonitoring(kubectl: Kubectl, pods: readonly Pod[]): Promise<void> {
  const targets = pods.map(({ status: { podIP } }) => `${podIP}:${PROXY_METRICS.port}`);
  const config = {
    global: { scrape_interval: '1s' },
    scrape_configs: [{ job_name: 'proxies', metrics_path: PROXY_METRICS.path, static_configs: [{ targets }] }],
  };
  const labels = { app: 'prometheus' };
  const metadata = { namespace: NAMESPACE, name: 'prometheus' };
  // The one of a case before may still be on its way out.
  await kubectl(['delete', 'namespace', NAMESPACE, '--ignore-not-found', '--timeout=60s']);
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
