import { MANAGED_GATEWAY_LABEL } from '../../../api/istio-names.ts';
import type { Analyzer } from '../analyzer.ts';
import { KIND } from '../kinds.ts';
import type { DeploymentView, ServiceView } from '../kubernetes-views.ts';
import { deploymentInMesh } from '../mesh-membership.ts';
import { message, type Message } from '../messages.ts';
import { fullName, specAs, type Resource } from '../resource.ts';
import { hasLabels } from '../../label-selector.ts';
import type { World } from '../world.ts';

interface ExposedPort {
  service: string;
  port: number;
  protocol: string;
  target: string;
}

function exposedPorts(world: World, deployment: Resource): ExposedPort[] {
  const labels = specAs<DeploymentView>(deployment).template?.metadata?.labels ?? {};
  return world.listIn(KIND.service, deployment.namespace).flatMap((service) => {
    const { selector = {}, ports = [] } = specAs<ServiceView>(service);
    if (Object.keys(selector).length === 0 || !hasLabels(labels, selector)) return [];
    return ports.map(({ port, protocol = 'TCP', targetPort = 0 }) => ({
      service: fullName(service),
      port,
      protocol,
      target: String(targetPort === 0 || targetPort === '' ? port : targetPort),
    }));
  });
}

function groupBy<T, K>(items: readonly T[], keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}

function checkProtocols(deployment: Resource, exposed: readonly ExposedPort[]): Message[] {
  return [...groupBy(exposed, ({ port }) => port)].flatMap(([port, group]) => {
    if (new Set(group.map(({ protocol }) => protocol)).size < 2) return [];
    const services = group
      .map(({ service }) => service)
      .sort()
      .join(', ');
    const text = `Services ${services} use port ${String(port)} of this Deployment with different protocols: a port has one protocol in the mesh.`;
    return [message('IST0116', deployment, text, 'metadata.name')];
  });
}

function checkTargets(deployment: Resource, exposed: readonly ExposedPort[]): Message[] {
  return [...groupBy(exposed, ({ target }) => target)].flatMap(([target, group]) => {
    const byPort = groupBy(group, ({ port }) => port);
    if (byPort.size < 2) return [];
    const services = [...new Set(group.map(({ service }) => service))].sort().join(', ');
    const ports = [...byPort.keys()].sort((a, b) => a - b).join(', ');
    const text = `Services ${services} send ports ${ports} to the same target port ${target}: use one port for one target port.`;
    return [message('IST0137', deployment, text, 'metadata.name')];
  });
}

/** Services that disagree about the ports of one workload. */
export const deploymentServices: Analyzer = {
  name: 'deployment.MultiServiceAnalyzer',
  inputs: [KIND.service, KIND.deployment, KIND.namespace],
  analyze: (world) =>
    world
      .list(KIND.deployment)
      .filter(({ labels }) => labels[MANAGED_GATEWAY_LABEL] !== 'istio.io-mesh-controller')
      .filter((deployment) => deploymentInMesh(world, deployment))
      .flatMap((deployment) => {
        const exposed = exposedPorts(world, deployment);
        return [...checkProtocols(deployment, exposed), ...checkTargets(deployment, exposed)];
      }),
};
