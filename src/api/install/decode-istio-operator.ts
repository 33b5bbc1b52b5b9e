import type { z } from 'zod';
import { isPlainObject } from '../wrong-value.ts';
import { fieldPath } from '../field-path.ts';
import type { LaterFields } from '../later-fields.ts';
import { meshOutline, type MeshMessageName } from '../mesh/decode-mesh.ts';
import { nearest } from '../near-miss.ts';
import type { Problem, Result } from '../problem.ts';
import { decodeSettings } from '../settings/decode-settings.ts';
import { settingsOutlinesOf } from '../settings/packed-outlines.ts';
import { ISTIO_OPERATOR } from './istio-operator-kind.ts';
import { ISTIO_OPERATOR_OUTLINES_JSON } from './istio-operator-outlines.generated.ts';
import type { IstioOperator, IstioOperatorSpec, ISTIO_OPERATOR_SCHEMAS } from './istio-operator.ts';
import { findOldSetting, tellOldSettings } from './old-settings.ts';
import { validateSpec, validateValues, type SpecFindings } from './validate-spec.ts';
import type { Values } from './values/values.ts';

type Part = keyof typeof ISTIO_OPERATOR_SCHEMAS;
type Decoded<P extends Part> = z.infer<(typeof ISTIO_OPERATOR_SCHEMAS)[P]>;

const TOP_LEVEL = ['apiVersion', 'kind', 'metadata', 'spec', 'status'];

/** How the resource was called before, and what others are taken for it. */
const OLD_ENVELOPES: Readonly<Record<string, string>> = {
  'operator.istio.io/v1alpha1': 'this group was never served: the fields below spec are the same',
  'install.istio.io/v1alpha2':
    'the IstioControlPlane of Istio 1.4 has other fields below spec: write an IstioOperator anew',
  'install.istio.io/v1beta1': 'there is no such version: the fields below spec are those of v1alpha1',
  IstioControlPlane: 'the IstioControlPlane of Istio 1.4 has other fields below spec: write an IstioOperator anew',
};

/** By what is known of the schemas, made from them by `npm run generate`: to build them takes longer than to read a resource. */
const partOutline = settingsOutlinesOf<Part>(ISTIO_OPERATOR_OUTLINES_JSON, (name) =>
  meshOutline(name as MeshMessageName),
);

const USER_METADATA = ['name', 'namespace', 'labels', 'annotations'] as const;

/** Decodes one IstioOperator resource; what came `later` than its minor is unknown. `status` and metadata that the server manages are accepted and dropped. */
export function decodeIstioOperator(doc: unknown, later?: LaterFields): Result<IstioOperator> {
  if (!isPlainObject(doc))
    return {
      ok: false,
      problems: [{ path: '', code: 'NotIstioOperator', message: 'must be an IstioOperator resource' }],
      warnings: [],
    };
  const problems = validateEnvelope(doc);
  const metadata = decodeMetadata(doc['metadata']);
  const spec = decodeSpec(doc['spec'], 'spec', later);
  if (!metadata.ok) problems.push(...metadata.problems);
  if (!spec.ok) problems.push(...spec.problems);
  const warnings = spec.warnings;
  if (!metadata.ok || !spec.ok || problems.length > 0) return { ok: false, problems, warnings };
  const { apiVersion, kind } = ISTIO_OPERATOR;
  return { ok: true, value: { apiVersion, kind, metadata: metadata.value, spec: spec.value }, warnings };
}

function validateEnvelope(doc: Record<string, unknown>): Problem[] {
  const problems: Problem[] = [];
  for (const field of ['apiVersion', 'kind'] as const) {
    const wanted = ISTIO_OPERATOR[field];
    if (doc[field] === wanted) continue;
    const got = typeof doc[field] === 'string' ? `, got "${doc[field]}"` : '';
    const hint = OLD_ENVELOPES[String(doc[field])];
    problems.push({
      path: field,
      code: 'NotIstioOperator',
      message: `must be ${wanted}${got}`,
      ...(hint === undefined ? {} : { hint }),
    });
  }
  for (const key of Object.keys(doc)) {
    if (TOP_LEVEL.includes(key)) continue;
    const meant = nearest(key, TOP_LEVEL);
    problems.push({
      path: fieldPath('', key),
      code: 'UnknownField',
      message: 'unknown field',
      hint: meant ? `did you mean "${meant}"?` : 'settings stand below spec',
    });
  }
  return problems;
}

function decodeMetadata(metadata: unknown): Result<IstioOperator['metadata']> {
  if (metadata !== undefined && metadata !== null && !isPlainObject(metadata)) {
    return {
      ok: false,
      problems: [{ path: 'metadata', code: 'DecodingFailed', message: 'must be an object' }],
      warnings: [],
    };
  }
  const kept: Record<string, unknown> = {};
  for (const key of USER_METADATA) {
    const value = metadata?.[key];
    if (value !== undefined && value !== null) kept[key] = value;
  }
  const decoded = decodeSettings(partOutline('metadata'), kept, 'metadata');
  return decoded.ok ? { ...decoded, value: kept } : decoded;
}

/** Decodes a spec as the user wrote it. An absent spec is an empty one. Null fields count as absent and are kept. */
export function decodeSpec(spec: unknown, path = 'spec', later?: LaterFields): Result<IstioOperatorSpec> {
  return checkedDecode('spec', spec ?? {}, { path, later }, validateSpec);
}

/**
 * Decodes a spec after profile and user were merged. Upstream checks this tree: a gateway's low port, for instance, is
 * fine when the profile runs it as root.
 */
export function decodeMergedSpec(spec: unknown, path = 'spec'): Result<IstioOperatorSpec> {
  return decodeSpec(spec, path);
}

/** Decodes a values tree after every merge. */
export function decodeMergedValues(values: unknown, path = 'spec.values'): Result<Values> {
  return checkedDecode('values', values ?? {}, { path }, validateValues);
}

function checkedDecode<P extends Part>(
  part: P,
  tree: unknown,
  { path, later }: { path: string; later?: LaterFields | undefined },
  validate: (tree: Record<string, unknown>, path: string) => SpecFindings,
): Result<Decoded<P>> {
  const decoded = decodeSettings(partOutline(part), tree, path, later);
  const findings: SpecFindings = isPlainObject(tree) ? validate(tree, path) : { problems: [], warnings: [] };
  const warnings = [...decoded.warnings, ...findings.warnings];
  const problems = [...(decoded.ok ? [] : tellOldSettings(decoded.problems)), ...findings.problems];
  return problems.length > 0 || !decoded.ok
    ? { ok: false, problems, warnings }
    : { ok: true, value: decoded.value as Decoded<P>, warnings };
}

/** Settings of older releases that nothing reads any more, below `spec.unvalidatedValues`, where no other check looks. */
export function findUnreadValues(unvalidated: unknown): Problem[] {
  const decoded = decodeSettings(partOutline('values'), unvalidated, 'spec.values');
  if (decoded.ok) return [];
  const paths = decoded.problems.filter(({ code }) => code === 'UnknownField').map(({ path }) => path);
  const old = new Map(paths.flatMap((path) => findOldSetting(path) ?? []).map((each) => [each.path, each]));
  return [...old.values()].map(({ path, became }) => ({
    path: path.replace('spec.values', 'spec.unvalidatedValues'),
    code: 'SettingWithdrawn',
    message: 'has no effect: it is a setting of older releases of Istio',
    hint: became,
  }));
}
