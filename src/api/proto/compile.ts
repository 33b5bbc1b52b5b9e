import { isPlainObject, wrongType } from '../wrong-value.ts';
import { readUint32Key, scalarDecoder, zeroValue } from './decode-scalar.ts';
import type { Findings, MessageFields } from './findings.ts';
import type { FieldOutline, MessageOutline, Outline, ScalarOutline } from './outline.ts';

/** Gives the decoded value, undefined for one that counts as absent or is wrong; in that case it adds findings. */
export type Decoder = (json: unknown, findings: Findings) => unknown;

/** A decoder, and what it makes of null as an entry of a list or map. */
interface Codec {
  decode: Decoder;
  zero: () => unknown;
}

const COMPILED = new WeakMap<Outline, Codec>();

/** The decoder of what is outlined: built once, the parts of a message when they first come; then only closures run. */
export function compile(outline: Outline): Decoder {
  return codecOf(outline).decode;
}

function codecOf(outline: Outline): Codec {
  const found = COMPILED.get(outline);
  if (found) return found;
  const codec = build(outline);
  COMPILED.set(outline, codec);
  return codec;
}

function build(outline: Outline): Codec {
  switch (outline.form) {
    case 'scalar':
      return scalarCodec(outline);
    case 'list':
      return listCodec(codecOf(outline.element));
    case 'map':
      return mapCodec(codecOf(outline.value), outline.isNumeric);
    case 'message':
      return messageCodec(outline);
  }
}

function scalarCodec({ kind, names }: ScalarOutline): Codec {
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
  spelling: string;
  outline: FieldOutline;
  /** Undefined until it first comes: most fields of a message never do. */
  decode: Decoder | undefined;
  /** Whether this is the spelling of the proto file, which gives way to the JSON name. */
  secondary: boolean;
}

const NONE: ReadonlyMap<string, string> = new Map();

function messageCodec(outline: MessageOutline): Codec {
  const { name: message, oneOfs } = outline;
  let known: KnownFields | undefined;
  const decode: Decoder = (json, findings) => {
    if (!isPlainObject(json)) return refuse(findings, 'an object', json);
    known ??= indexFields(outline);
    const result: Record<string, unknown> = {};
    const later = findings.later.get(message) ?? NONE;
    for (const key of Object.keys(json)) {
      const field = known.bySpelling.get(key);
      const since = field && later.get(field.name);
      if (field === undefined || since !== undefined) findings.addUnknownField(key, known.self, since);
      else if (!isAbsent(json, key, field)) {
        const value = readField(field, json[key], later, findings);
        if (value !== undefined) result[field.name] = value;
      }
    }
    for (const group of oneOfs) keepOneArm(result, group, findings);
    return result;
  };
  return { decode, zero: () => ({}) };
}

function readField(field: Field, json: unknown, later: ReadonlyMap<string, string>, findings: Findings): unknown {
  const start = findings.length;
  field.decode ??= compile(field.outline.read());
  const value = field.decode(json, findings);
  if (later.size > 0) refuseLaterWord(field.name, value, later, findings);
  if (findings.length > start) findings.addStep(start, field.spelling);
  return value;
}

interface KnownFields {
  /** For findings. */
  self: MessageFields;
  bySpelling: ReadonlyMap<string, Field>;
}

function indexFields({ name: message, readFields }: MessageOutline): KnownFields {
  const outlines = readFields();
  const bySpelling = new Map<string, Field>();
  for (const outline of outlines) {
    const { name, protoName } = outline;
    bySpelling.set(name, { name, spelling: name, outline, decode: undefined, secondary: false });
    if (protoName !== name)
      bySpelling.set(protoName, { name, spelling: protoName, outline, decode: undefined, secondary: true });
  }
  return { self: { name: message, fields: outlines.map(({ name }) => name) }, bySpelling };
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
