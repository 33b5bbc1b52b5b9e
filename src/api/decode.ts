import type { z } from 'zod';
import { fieldPath, itemPath, shorten } from './field-path.ts';
import { traitsOf, type FieldMeta, type ObjectTraits } from './field-types.ts';
import { NOTHING_LATER, type LaterFields } from './later-fields.ts';
import { nearest } from './near-miss.ts';
import type { Problem, Result } from './problem.ts';
import { successorOf } from './withdrawn-fields.ts';

type Schema = z.core.$ZodType;
type Def = z.core.$ZodTypes['_zod']['def'];

interface Findings {
  problems: Problem[];
  warnings: Problem[];
  /** What the minor that is decoded for does not know yet. */
  later: LaterFields;
}

/** What is said of a field that no schema has, where it is an error. */
export const UNKNOWN_FIELD = 'unknown field';

/** Where there are too many names to list them. */
const NO_SUCH_VALUE = 'remove it, or look for the right name in docs/reference/istiooperator.md';
/** As many names as still read well in one error. */
const NAMES_SHOWN = 16;

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

function defOf(schema: Schema): Def {
  return (schema as z.core.$ZodTypes)._zod.def;
}

/** The schema behind optional and lazy wrappers. */
export function unwrap(schema: Schema): Schema {
  let inner = schema;
  for (;;) {
    const def = defOf(inner);
    if (def.type === 'optional' || def.type === 'nullable') inner = def.innerType;
    else if (def.type === 'lazy') inner = (inner as z.core.$ZodLazy)._zod.innerType;
    else return inner;
  }
}

function walk(findings: Findings, wrapped: Schema, value: unknown, path: string): void {
  if (value === undefined || value === null) return;
  const schema = unwrap(wrapped);
  const def = defOf(schema);
  if (def.type === 'unknown') return;
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
        message: 'has no effect in this spelling',
        hint: `write "${known}"`,
      });
    }
    walk(findings, field, item, fieldPath(path, key));
  }
  reportOneOf(findings, { traits, value, path });
}

interface UnknownField {
  traits: ObjectTraits;
  names: string[];
  key: string;
  path: string;
  /** The minor that brought it. */
  since: string | undefined;
}

function reportUnknown(findings: Findings, { traits, names, key, path, since }: UnknownField): void {
  const list = traits.dialect === 'mesh' ? findings.warnings : findings.problems;
  const message = traits.dialect === 'mesh' ? 'unknown field: Istio ignores it' : UNKNOWN_FIELD;
  const own = successorOf(traits.name, key) ?? hintForUnknown(traits, names, key);
  const hint = since === undefined ? own : `it came with Istio ${since}`;
  list.push({ path: fieldPath(path, key), message, ...(hint ? { hint } : {}) });
}

function hintForUnknown(traits: ObjectTraits, names: string[], key: string): string {
  const meant = nearest(key, names);
  if (meant !== undefined) return `did you mean "${meant}"?`;
  return knownNames(names) || (traits.dialect === 'values' ? NO_SUCH_VALUE : '');
}

function knownNames(names: string[]): string {
  if (names.length === 0) return 'this object has no fields';
  return names.length <= NAMES_SHOWN ? `known fields: ${names.join(', ')}` : '';
}

function reportOneOf(
  findings: Findings,
  at: { traits: ObjectTraits; value: Record<string, unknown>; path: string },
): void {
  if (at.traits.oneOf.length === 0) return;
  const set = new Map<string, string>();
  for (const [key, item] of Object.entries(at.value)) {
    if (item !== undefined && item !== null) set.set(camelCase(key), key);
  }
  for (const group of at.traits.oneOf) {
    const chosen = group.filter((name) => set.has(name));
    if (chosen.length < 2) continue;
    findings.problems.push({
      path: at.path,
      message: `only one of ${chosen.join(', ')} may be set`,
      hint: 'keep the one that you need',
    });
  }
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

/** The problem of a word that is none of the choices. */
export function notAChoice(path: string, choices: string[], value: string): Problem {
  const meant = nearest(value, choices);
  const shown = choices.length <= NAMES_SHOWN ? choices.join(', ') : `${choices.slice(0, NAMES_SHOWN).join(', ')}, …`;
  return {
    path,
    message: `must be one of ${shown}, got ${shorten(JSON.stringify(value), 60)}`,
    ...(meant === undefined ? {} : { hint: `did you mean "${meant}"?` }),
  };
}

/** The words of an enum, also of one that may be given as a number. */
export function choicesOf(schema: Schema): string[] | undefined {
  const def = defOf(schema);
  if (def.type === 'enum')
    return Object.values(def.entries)
      .map(String)
      .filter((word) => word !== '');
  if (def.type !== 'union') return undefined;
  for (const option of def.options) {
    const words = choicesOf(option);
    if (words) return words;
  }
  return undefined;
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

/** The problem of a value that has another type than the field. */
export function wrongType(path: string, expected: string, value: unknown): Problem {
  const hint = hintFor(expected, value);
  return { path, message: `must be ${expected}, got ${describeValue(value)}`, ...(hint ? { hint } : {}) };
}

function hintFor(expected: string, value: unknown): string {
  if (expected === 'a string' && (typeof value === 'number' || typeof value === 'boolean'))
    return `put it in quotes: "${value}"`;
  if (expected === 'true or false' && (value === 'true' || value === 'false')) return `write ${value} without quotes`;
  if (expected === 'an integer' && typeof value === 'string' && /^-?\d+$/.test(value))
    return `write ${value} without quotes`;
  if (expected === 'a list' && isPlainObject(value)) return 'begin each entry with "- "';
  return '';
}

function describeValue(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'string') return `string ${shorten(JSON.stringify(value), 60)}`;
  if (typeof value === 'number' || typeof value === 'boolean') return `${typeof value} ${value}`;
  return 'an object';
}

/** Whether a value is a JSON object. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
