import { INJECT_LABEL, PROXY_CONTAINER } from '../../api/istio-names.ts';
import type { Pod } from './template-context.ts';

/** A pod of an ordinary workload, for which injection is switched on. */
export const SAMPLE_WORKLOAD: Pod = samplePod({ name: 'app', image: 'sample' });

/** A pod of a gateway, whose proxy a template fills in. */
export const SAMPLE_GATEWAY: Pod = samplePod({ name: PROXY_CONTAINER, image: 'auto' });

function samplePod(container: { name: string; image: string }): Pod {
  const owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'sample-5d9c4b', uid: 'sample', controller: true };
  return {
    metadata: {
      name: 'sample-5d9c4b-x7k2p',
      namespace: 'sample',
      labels: { app: 'sample', version: 'v1', 'pod-template-hash': '5d9c4b', [INJECT_LABEL]: 'true' },
      annotations: {},
      ownerReferences: [owner],
    },
    spec: {
      serviceAccountName: 'sample',
      containers: [{ ...container, ports: [{ name: 'http', containerPort: 8080, protocol: 'TCP' }] }],
    },
  };
}
