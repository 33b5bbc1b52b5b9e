import type { JsonObject } from '../src/core/kube-object.ts';
import { podReview } from './bodies/pod-review.ts';

/** What stands for one ReplicaSet in the review: in the pod's name, its labels and its owner. */
export const REPLICA_SET = '6b746f74dc';

/** The AdmissionReview of a pod such as a Deployment makes: one container with probes, three volumes, a ReplicaSet. */
export function benchReview(): JsonObject {
  return podReview(benchPod(), { uid: '00000000-0000-4000-8000-000000000001', namespace: 'default' });
}

function benchPod(): JsonObject {
  const probe = { httpGet: { path: '/health', port: 9080 } };
  return {
    kind: 'Pod',
    apiVersion: 'v1',
    metadata: {
      generateName: `shop-v1-${REPLICA_SET}-`,
      labels: { app: 'shop', version: 'v1', 'pod-template-hash': REPLICA_SET },
      annotations: {
        'prometheus.io/scrape': 'true',
        'prometheus.io/port': '9080',
        'prometheus.io/path': '/metrics',
      },
      ownerReferences: [
        { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: `shop-v1-${REPLICA_SET}`, uid: '1', controller: true },
      ],
    },
    spec: {
      serviceAccountName: 'shop',
      containers: [
        {
          name: 'shop',
          image: 'registry.example/shop:1.2.3',
          imagePullPolicy: 'IfNotPresent',
          ports: [{ containerPort: 9080, protocol: 'TCP' }],
          readinessProbe: probe,
          livenessProbe: probe,
          resources: { requests: { cpu: '100m', memory: '128Mi' } },
          volumeMounts: [
            { name: 'tmp', mountPath: '/tmp' },
            { name: 'api-access', mountPath: '/var/run/secrets/kubernetes.io/serviceaccount', readOnly: true },
          ],
        },
      ],
      volumes: [
        { name: 'tmp', emptyDir: {} },
        { name: 'api-access', projected: { sources: [{ configMap: { name: 'kube-root-ca.crt' } }] } },
      ],
    },
  };
}
