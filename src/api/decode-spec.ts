import type { IstioKindName, SpecOf } from './istio-kinds.ts';
import { ISTIO_OUTLINES_JSON } from './istio-outlines.generated.ts';
import type { Result } from './problem.ts';
import { decodeOutlined, type DecodeOptions } from './proto/decode-outlined.ts';
import { outlinesOf } from './proto/packed-outlines.ts';

const specOutline = outlinesOf<IstioKindName>(ISTIO_OUTLINES_JSON);

/**
 * Decodes the spec of one of Istio's kinds as `decodeMessage` does by the schema. Of the schemas only what a reader must
 * know is here, made from them by `npm run generate`: to build them takes longer than to judge a resource.
 */
export function decodeSpec<K extends IstioKindName>(
  kind: K,
  json: unknown,
  path: string,
  options: DecodeOptions = {},
): Result<SpecOf<K>> {
  return decodeOutlined(specOutline(kind), json, path, options) as Result<SpecOf<K>>;
}
