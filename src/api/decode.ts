import type { z } from 'zod';
import { fieldPath, itemPath } from './field-path.ts';
import { traitsOf, type FieldMeta, type ObjectTraits } from './field-types.ts';
import { NOTHING_LATER, type LaterFields } from './later-fields.ts';
import { nearest } from './near-miss.ts';
import type { Problem, Result } from './problem.ts';
import { decodeMessage } from './proto/decode-message.ts';
import type { UnknownField } from './proto/decode-outlined.ts';
import { messageTraits, type MessageSchema } from './proto/message-schema.ts';
import { choicesOf, defOf, unwrap } from './unwrap.ts';
import { successorOf } from './withdrawn-fields.ts';
import { isPlainObject, NAMES_SHOWN, notAChoice, wrongType } from './wrong-value.ts';

type Schema = z.core.$ZodType;

interface Findings {
  problems: Problem[];
  warnings: Problem[];
  /** What the minor that is decoded for does not know yet. */
  later: LaterFields;
}

/** Where there are too many names to list them. */
const NO_SUCH_VALUE = 'remove it, or look for the right name in docs/reference/istiooperator.md';

/**
 * Checks a value against a schema and lists everything that is wrong, each with its field path. The value is returned
 * as it came: nothing is converted, and null (which Go reads as absent) stays.
 */
export function decode<S extends z.ZodType>(
  schema: S,
  value: unknown,
  path: string,
  later: LaterFields = NOTHING_LATER,
): Result<z.infer<S>> {
  const findings: Findings = { problems: [], warnings: [], later };
  if (value !== undefined && value !== null) walk(findings, schema, value, path);
  const { problems, warnings } = findings;
  return problems.length > 0 ? { ok: false, problems, warnings } : { ok: true, value: value as z.infer<S>, warnings };
}

function walk(findings: Findings, wrapped: Schema, value: unknown, path: string): void {
  if (value === undefined || value === null) return;
  const schema = unwrap(wrapped);
  const def = defOf(schema);
  if (def.type === 'unknown') return;
  if (messageTraits(schema)) return walkMessage(findings, schema, value, path);
  if (def.type === 'object' || def.type === 'record') {
    if (!isPlainObject(value)) findings.problems.push(wrongType(path, 'an object', value));
    else if (def.type === 'object') walkObject(findings, schema as z.core.$ZodObject, value, path);
    else for (const [key, item] of Object.entries(value)) walk(findings, def.valueType, item, fieldPath(path, key));
    return;
  }
  if (def.type === 'array') {
    if (!Array.isArray(value)) findings.problems.push(wrongType(path, 'a list', value));
    else value.forEach((item, i) => walk(findings, def.element, item, itemPath(path, i)));
    return;
  }
  walkLeaf(findings, schema, value, path);
}

function walkObject(findings: Findings, schema: z.core.$ZodObject, value: Record<string, unknown>, path: string): void {
  const shape = schema._zod.def.shape;
  const traits = traitsOf(schema);
  for (const [key, item] of Object.entries(value)) {
    const known = Object.hasOwn(shape, key) ? key : otherSpelling(traits, shape, key);
    const field = known === undefined ? undefined : shape[known];
    const since = known === undefined ? undefined : findings.later.get(traits.name ?? '')?.get(known);
    if (known === undefined || !field || since !== undefined) {
      reportUnknown(findings, { traits, names: Object.keys(shape), key, path, since });
      continue;
    }
    if (known !== key && traits.dialect === 'values') {
      findings.warnings.push({
        path: fieldPath(path, key),
        code: 'SettingUnused',
        message: 'has no effect in this spelling',
        hint: `write "${known}"`,
      });
    }
    walk(findings, field, item, fieldPath(path, key));
  }
}

/** A message is read as Istio reads it, but two fields of which one may be set are refused while they can be mended. */
function walkMessage(findings: Findings, schema: Schema, value: unknown, path: string): void {
  const { later } = findings;
  const result = decodeMessage(schema as MessageSchema, value, path, {
    later,
    oneOfs: 'refuse',
    hintFor: hintInMessage,
  });
  findings.warnings.push(...result.warnings);
  if (!result.ok) findings.problems.push(...result.problems);
}

function hintInMessage({ message, name, knownFields }: UnknownField): string | undefined {
  return successorOf(message, name) ?? (nearHint(name, knownFields) || knownNames(knownFields));
}

interface UnknownKey {
  traits: ObjectTraits;
  names: string[];
  key: string;
  path: string;
  /** The minor that brought it. */
  since: string | undefined;
}

function reportUnknown(findings: Findings, { traits, names, key, path, since }: UnknownKey): void {
  const own = successorOf(traits.name, key) ?? hintForUnknown(traits, names, key);
  const hint = since === undefined ? own : `it came with Istio ${since}`;
  const code = since === undefined ? 'UnknownField' : 'FieldTooNew';
  findings.problems.push({ path: fieldPath(path, key), code, message: 'unknown field', ...(hint ? { hint } : {}) });
}

function hintForUnknown(traits: ObjectTraits, names: string[], key: string): string {
  return nearHint(key, names) || knownNames(names) || (traits.dialect === 'values' ? NO_SUCH_VALUE : '');
}

function nearHint(key: string, names: readonly string[]): string {
  const meant = nearest(key, names);
  return meant === undefined ? '' : `did you mean "${meant}"?`;
}

function knownNames(names: readonly string[]): string {
  if (names.length === 0) return 'this object has no fields';
  return names.length <= NAMES_SHOWN ? `known fields: ${names.join(', ')}` : '';
}

/** The name in the schema that a protobuf reader takes `key` for. */
function otherSpelling(traits: ObjectTraits, shape: Readonly<Record<string, Schema>>, key: string): string | undefined {
  if (traits.dialect === 'kube') return undefined;
  const camel = camelCase(key);
  if (Object.hasOwn(shape, camel)) return camel;
  return Object.keys(shape).find((name) => name.includes('_') && camelCase(name) === key);
}

/** A field's name as protojson writes it. */
export function camelCase(name: string): string {
  return name.replace(/_+(.)/g, (_, letter: string) => letter.toUpperCase());
}

function walkLeaf(findings: Findings, schema: Schema, value: unknown, path: string): void {
  if ((schema as z.ZodType).safeParse(value).success) return;
  const choices = choicesOf(schema);
  findings.problems.push(
    choices && typeof value === 'string'
      ? notAChoice(path, choices, value)
      : wrongType(path, expectation(schema), value),
  );
}

/** What a schema wants, in words: `a string`, `an integer`. */
export function expectation(schema: Schema): string {
  const meta = (schema as z.ZodType).meta() as FieldMeta | undefined;
  if (meta?.expects) return meta.expects;
  const choices = choicesOf(schema);
  if (choices) return `one of ${choices.slice(0, NAMES_SHOWN).join(', ')}`;
  const def = defOf(schema);
  if (def.type === 'string') return 'a string';
  if (def.type === 'boolean') return 'true or false';
  return `a ${def.type}`;
}
