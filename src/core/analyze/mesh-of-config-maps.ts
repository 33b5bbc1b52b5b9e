import { isJsonObject } from '../kube-object.ts';
import { parseYamlObjects } from '../values/yaml-input.ts';
import { KIND } from './kinds.ts';
import type { Resource } from './resource.ts';
import { meshResource } from './world-from-objects.ts';

const DEFAULT = 'istio';

/** The mesh configuration in the ConfigMap that istiod reads it from: the default one, else the first of a revision. */
export function meshOfConfigMaps(resources: readonly Resource[], istioNamespace: string): Resource[] {
  const configMap = resources
    .filter(({ kind, namespace }) => kind === KIND.configMap && namespace === istioNamespace)
    .filter(({ name }) => name === DEFAULT || name.startsWith(`${DEFAULT}-`))
    .filter(({ spec }) => isJsonObject(spec.data) && 'mesh' in spec.data)
    .sort((a, b) => (a.name < b.name ? -1 : 1))[0];
  const data = (configMap?.spec.data ?? {}) as Record<string, string | undefined>;
  const parse = (text: string | undefined) => parseYamlObjects(text ?? '', [])[0];
  const [mesh, networks] = [parse(data.mesh), parse(data.meshNetworks)];
  return [
    ...(mesh ? [meshResource(KIND.meshConfig, mesh)] : []),
    ...(networks ? [meshResource(KIND.meshNetworks, networks)] : []),
  ];
}
