import type { z } from 'zod';
import { isPlainObject, wrongType } from '../wrong-value.ts';
import { unwrap } from '../unwrap.ts';
import { readUint32Key, scalarDecoder, zeroValue } from './decode-scalar.ts';
import type { Findings } from './findings.ts';
import { enumNames, messageTraits, protoMeta } from './message-schema.ts';

type Schema = z.core.$ZodType;

/** Gives the decoded value, undefined for one that counts as absent or is wrong; in that case it adds findings. */
export type Decoder = (json: unknown, findings: Findings) => unknown;

/** A decoder, and what it makes of null as an entry of a list or map. */
interface Codec {
  decode: Decoder;
  zero: () => unknown;
}

const COMPILED = new WeakMap<Schema, Codec>();

/** The decoder of a schema: built once, then only closures run. */
export function compile(schema: Schema): Decoder {
  return codecOf(schema).decode;
}

function codecOf(wrapped: Schema): Codec {
  const found = COMPILED.get(wrapped);
  if (found) return found;
  const codec = build(wrapped);
  COMPILED.set(wrapped, codec);
  return codec;
}

function build(wrapped: Schema): Codec {
  const schema = unwrap(wrapped);
  const kind = protoMeta(schema).scalar;
  if (kind !== undefined) return scalarCodec(schema, kind);
  const def = (schema as z.core.$ZodTypes)._zod.def;
  if (def.type === 'array') return listCodec(codecOf(def.element));
  if (def.type === 'record') return mapCodec(codecOf(def.valueType), protoMeta(schema).keys === 'uint32');
  if (def.type !== 'object') throw new Error(`a message cannot have a field of type ${def.type}`);
  return COMPILED.get(schema) ?? messageCodec(schema as z.core.$ZodObject);
}

function scalarCodec(schema: Schema, kind: NonNullable<ReturnType<typeof protoMeta>['scalar']>): Codec {
  const names = enumNames(schema);
  const read = scalarDecoder(kind, names);
  return {
    decode: (json, findings) => read(json, (problem) => findings.addProblem(problem)),
    zero: () => zeroValue(kind, names),
  };
}

function refuse(findings: Findings, expected: string, json: unknown): undefined {
  const { path: _path, ...problem } = wrongType('', expected, json);
  findings.addProblem(problem);
  return undefined;
}

function listCodec(element: Codec): Codec {
  const decode: Decoder = (json, findings) => {
    if (!Array.isArray(json)) return refuse(findings, 'a list', json);
    // Go reads an empty list as no list.
    if (json.length === 0) return findings.keepsEmptyLists ? [] : undefined;
    return json.map((item: unknown, i) => {
      const start = findings.length;
      const value = item === null ? element.zero() : element.decode(item, findings);
      if (findings.length > start) findings.addStep(start, i);
      return value;
    });
  };
  return { decode, zero: () => undefined };
}

function mapCodec(entry: Codec, numeric: boolean): Codec {
  const decode: Decoder = (json, findings) => {
    if (!isPlainObject(json)) return refuse(findings, 'an object', json);
    const result: Record<string, unknown> = {};
    for (const key of Object.keys(json)) {
      const start = findings.length;
      const name = numeric ? readUint32Key(key) : key;
      if (name === undefined) {
        refuse(findings, 'a key that is an integer from 0 to 4294967295', key);
      } else {
        const item = json[key];
        setEntry(result, name, item === null ? entry.zero() : entry.decode(item, findings));
      }
      if (findings.length > start) findings.addStep(start, key);
    }
    return result;
  };
  return { decode, zero: () => ({}) };
}

function setEntry(target: Record<string, unknown>, key: string, value: unknown): void {
  if (key !== '__proto__') target[key] = value;
  // An assignment would set the prototype.
  else Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
}

interface Field {
  name: string;
  decode: Decoder;
  /** Whether this is the spelling of the proto file, which gives way to the JSON name. */
  secondary: boolean;
}

/** `consecutiveErrors` as the proto file spells it. */
function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

const NONE: ReadonlyMap<string, string> = new Map();

function messageCodec(schema: z.core.$ZodObject): Codec {
  const shape = schema._zod.def.shape;
  const fields = new Map<string, Field>();
  const names = Object.keys(shape);
  const { oneOfs = [], name: message = '' } = messageTraits(schema) ?? {};
  const self = { name: message, fields: names };
  const decode: Decoder = (json, findings) => {
    if (!isPlainObject(json)) return refuse(findings, 'an object', json);
    const result: Record<string, unknown> = {};
    const later = findings.later.get(message) ?? NONE;
    for (const key of Object.keys(json)) {
      const known = fields.get(key);
      const since = known && later.get(known.name);
      if (known === undefined || since !== undefined) {
        findings.addUnknownField(key, self, since);
        continue;
      }
      if (isAbsent(json, key, known)) continue;
      const start = findings.length;
      const value = known.decode(json[key], findings);
      if (later.size > 0) refuseLaterWord(known.name, value, later, findings);
      if (findings.length > start) findings.addStep(start, key);
      if (value !== undefined) result[known.name] = value;
    }
    for (const group of oneOfs) keepOneArm(result, group, findings);
    return result;
  };
  const codec: Codec = { decode, zero: () => ({}) };
  // Known before its fields are, for a message that contains itself.
  COMPILED.set(schema, codec);
  for (const name of names) {
    const inner = shape[name];
    if (!inner) continue;
    const { protoName = snakeCase(name) } = protoMeta(unwrapOptional(inner));
    const found = codecOf(inner);
    fields.set(name, { name, decode: found.decode, secondary: false });
    if (protoName !== name) fields.set(protoName, { name, decode: found.decode, secondary: true });
  }
  return codec;
}

/** Null is no value, and of two spellings the JSON name counts. */
function isAbsent(json: Record<string, unknown>, key: string, { name, secondary }: Field): boolean {
  const item = json[key];
  return item === null || item === undefined || (secondary && Object.hasOwn(json, name));
}

/** A word of an enum that the minor does not know yet is as wrong as any other. */
function refuseLaterWord(field: string, value: unknown, later: ReadonlyMap<string, string>, findings: Findings): void {
  if (typeof value !== 'string') return;
  const since = later.get(`${field}=${value}`);
  if (since !== undefined)
    findings.addProblem({ code: 'DecodingFailed', message: `${value} came with Istio ${since}` });
}

/** The schema with the notes on the field, without the wrapper that makes it optional. */
function unwrapOptional(schema: Schema): Schema {
  const def = (schema as z.core.$ZodTypes)._zod.def;
  return def.type === 'optional' ? def.innerType : schema;
}

function keepOneArm(result: Record<string, unknown>, arms: readonly string[], findings: Findings): void {
  const set = arms.filter((arm) => result[arm] !== undefined);
  if (set.length < 2) return;
  if (findings.refusesTwo) {
    findings.addProblem({
      code: 'FieldsExclusive',
      message: `only one of ${set.join(', ')} may be set`,
      hint: 'keep the one that you need',
    });
  }
  for (const arm of set.slice(0, -1)) delete result[arm];
}
