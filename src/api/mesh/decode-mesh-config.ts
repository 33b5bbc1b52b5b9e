import { decode } from '../decode.ts';
import type { Result } from '../problem.ts';
import { meshConfig, type MeshConfig } from './mesh-config.ts';

/** Decodes a mesh configuration: types, choices and durations. Unknown fields are warnings, because istiod ignores them. */
export function decodeMeshConfig(config: unknown, path = 'meshConfig'): Result<MeshConfig> {
  return decode(meshConfig, config ?? {}, path);
}
