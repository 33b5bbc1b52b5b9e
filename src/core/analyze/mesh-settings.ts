import { USUAL_NAMESPACE } from '../../api/istio-names.ts';
import type { MeshConfig } from '../../api/mesh/mesh-config.ts';
import { KIND } from './kinds.ts';
import { specAs } from './resource.ts';
import type { World } from './world.ts';

/** The mesh configuration, with only what was set. */
export function meshConfigOf(world: World): MeshConfig {
  const [resource] = world.list(KIND.meshConfig);
  return resource ? specAs<MeshConfig>(resource) : {};
}

/** The namespace whose resources apply to the whole mesh. */
export function rootNamespaceOf(world: World): string {
  return meshConfigOf(world).rootNamespace || USUAL_NAMESPACE;
}
