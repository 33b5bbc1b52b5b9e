import type { z } from 'zod';
import type { Result } from '../problem.ts';
import { decodeOutlined } from '../proto/decode-outlined.ts';
import { outlinesOf } from '../proto/packed-outlines.ts';
import { MESH_OUTLINES_JSON } from './mesh-outlines.generated.ts';
import type { MESH_SCHEMAS } from './mesh-schemas.ts';

export type MeshMessageName = keyof typeof MESH_SCHEMAS;
export type MeshMessage<N extends MeshMessageName> = z.infer<(typeof MESH_SCHEMAS)[N]>;

/** What a reader must know of a message that configures a mesh, made from its schema by `npm run generate`. */
export const meshOutline = outlinesOf<MeshMessageName>(MESH_OUTLINES_JSON);

/** Decodes a message that configures a mesh, as `decodeMessage` does by the schema. */
export function decodeMesh<N extends MeshMessageName>(name: N, json: unknown, path: string): Result<MeshMessage<N>> {
  return decodeOutlined(meshOutline(name), json, path) as Result<MeshMessage<N>>;
}
