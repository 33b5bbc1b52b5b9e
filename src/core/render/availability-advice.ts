import type { ComponentName } from '../components.ts';
import { isJsonObject, type KubeObject } from '../kube-object.ts';
import type { Problem } from '../problem.ts';
import type { Rendered } from './index.ts';

/** What stands still while the only replica of a component restarts. */
const LOSSES: Partial<Record<ComponentName, string>> = {
  Pilot: 'proxies get no configuration and no certificates',
  IngressGateways: 'nothing comes into the mesh through it',
  EgressGateways: 'nothing leaves the mesh through it',
};

/** Warns of control planes and gateways that are gone whenever their only replica restarts. */
export function adviseAvailability({ components }: Rendered): Problem[] {
  return components.flatMap(({ component, instance, path, objects }): Problem[] => {
    const loss = LOSSES[component];
    if (loss === undefined || leastReplicas(objects) > 1) return [];
    const message = `${instance} may run as a single replica: while it restarts, ${loss}`;
    return [
      {
        path: `${path}.k8s.hpaSpec.minReplicas`,
        code: 'AvailabilityLow',
        message,
        hint: 'set it to 2 or more',
      },
    ];
  });
}

/** The fewest replicas that the Deployment can have; no Deployment is none to worry about. */
export function leastReplicas(objects: readonly KubeObject[]): number {
  const deployment = objects.find(({ kind }) => kind === 'Deployment');
  if (!deployment) return Infinity;
  const scaler = objects.find(({ kind }) => kind === 'HorizontalPodAutoscaler');
  const least = scaler ? numberIn(scaler, 'minReplicas') : numberIn(deployment, 'replicas');
  return least ?? 1;
}

function numberIn({ spec }: KubeObject, field: string): number | undefined {
  const value = isJsonObject(spec) ? spec[field] : undefined;
  return typeof value === 'number' ? value : undefined;
}
