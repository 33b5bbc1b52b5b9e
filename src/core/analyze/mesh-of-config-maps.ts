import { parseYamlObjects } from '../values/yaml-input.ts';
import { KIND } from './kinds.ts';
import type { Resource } from './resource.ts';
import { meshResource } from './world-from-objects.ts';

/** The mesh configuration in the ConfigMap that istiod reads it from. */
export function meshOfConfigMaps(resources: readonly Resource[], istioNamespace: string): Resource[] {
  const configMap = resources.find(
    ({ kind, name, namespace }) => kind === KIND.configMap && name === 'istio' && namespace === istioNamespace,
  );
  const data = (configMap?.spec.data ?? {}) as Record<string, string | undefined>;
  const parse = (text: string | undefined) => parseYamlObjects(text ?? '', [])[0];
  const [mesh, networks] = [parse(data.mesh), parse(data.meshNetworks)];
  return [
    ...(mesh ? [meshResource(KIND.meshConfig, mesh)] : []),
    ...(networks ? [meshResource(KIND.meshNetworks, networks)] : []),
  ];
}
