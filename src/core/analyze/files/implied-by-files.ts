import { defaultControlPlane, defaultIngressGateway } from '../default-ingress.ts';
import { KIND } from '../kinds.ts';
import { meshOfConfigMaps } from '../mesh-of-config-maps.ts';
import type { Resource } from '../resource.ts';

/** What files leave out: the mesh configuration of a ConfigMap among them, istiod and the usual ingress gateway. */
export function impliedByFiles(resources: readonly Resource[], istioNamespace: string): Resource[] {
  const mesh = meshOfConfigMaps(resources, istioNamespace);
  const meshConfig = [...resources, ...mesh].find(({ kind }) => kind === KIND.meshConfig);
  return [...mesh, ...defaultControlPlane(istioNamespace), ...defaultIngressGateway(meshConfig, istioNamespace)];
}
