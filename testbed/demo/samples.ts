// What the demo shows the operator: a mesh, a pod that is to get its proxy, and a VirtualService with a mistake.
import { join } from 'node:path';

/** An IstioOperator of the profile `default`. */
export const SAMPLE = join(import.meta.dirname, '../../config/samples/istiooperator-default.yaml');
export const SHOP = 'shop';

export const POD = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { namespace: SHOP, name: 'web', labels: { app: 'web' } },
  spec: { containers: [{ name: 'web', image: 'registry.example/web:1' }] },
};

export const BAD_ROUTE = {
  apiVersion: 'networking.istio.io/v1',
  kind: 'VirtualService',
  metadata: { namespace: SHOP, name: 'web' },
  spec: {
    hosts: ['web'],
    http: [{ retries: { attempts: 3, retryOn: '5xxx' }, route: [{ destination: { host: 'web' } }] }],
  },
};

/** What is told of a container. */
export interface Container {
  readonly name: string;
  readonly image: string;
}

/** The containers of a pod, those that only begin first. */
export function containersOf(pod: unknown): Container[] {
  const { spec } = pod as { spec: { containers: Container[]; initContainers?: Container[] } };
  return [...(spec.initContainers ?? []), ...spec.containers];
}
