import { isJsonObject, type KubeObject } from '../kube-object.ts';
import type { Problem } from '../problem.ts';
import type { Rendered } from './index.ts';

/** Warns of a control plane that is gone whenever its only replica restarts. */
export function adviseAvailability({ components }: Rendered): Problem[] {
  return components.flatMap(({ component, objects }): Problem[] => {
    if (component !== 'Pilot' || leastReplicas(objects) > 1) return [];
    const message =
      'istiod may run as a single replica: while it restarts, proxies get no configuration and no certificates';
    return [
      {
        path: 'spec.components.pilot.k8s.hpaSpec.minReplicas',
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
