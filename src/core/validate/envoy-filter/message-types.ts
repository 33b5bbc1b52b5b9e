import { readMessageTypes } from './message-types.generated.ts';

/** What a field holds. */
export type FieldKind =
  'bool' | 'bytes' | 'double' | 'enum' | 'float' | 'int32' | 'int64' | 'message' | 'string' | 'uint32' | 'uint64';

/** A field of a message. */
export interface MessageField {
  name: string;
  jsonName: string;
  kind: FieldKind;
  /** Of a map: what its keys are. */
  mapKey?: FieldKind;
  isList: boolean;
  /** Of a message or enum, also of the items of a list or map. */
  type?: TypeName;
}

/** Full name such as `envoy.config.cluster.v3.Cluster`. */
export type TypeName = string;

const KINDS: Readonly<Record<string, FieldKind>> = {
  b: 'bool',
  y: 'bytes',
  d: 'double',
  e: 'enum',
  f: 'float',
  i: 'int32',
  I: 'int64',
  m: 'message',
  s: 'string',
  u: 'uint32',
  U: 'uint64',
};
const FIELD = /^(\w+)=(?:m(?=[a-zA-Z]{2}(?:[/:,]|$))([a-zA-Z]))?([a-zA-Z])(\*?)(?:\/\d+)?(?::(\d+))?(?:,(\w+))?$/;

interface Index {
  /** Lines of the table: full name and what follows it. */
  names: string[];
  messages: Map<TypeName, string>;
  enums: Map<TypeName, string>;
}

let index: Index | undefined;
const fields = new Map<TypeName, readonly MessageField[]>();
const values = new Map<TypeName, ReadonlySet<string>>();

/** The fields of a message; undefined when Istio's Envoy has no such message. */
export function fieldsOf(name: TypeName): readonly MessageField[] | undefined {
  const known = fields.get(name);
  if (known) return known;
  const text = readIndex().messages.get(name);
  if (text === undefined) return undefined;
  const parsed = text === '' ? [] : text.split(';').map(parseField);
  fields.set(name, parsed);
  return parsed;
}

/** The names of the values of an enum. */
export function valuesOf(name: TypeName): ReadonlySet<string> {
  const known = values.get(name);
  if (known) return known;
  const text = readIndex().enums.get(name) ?? '';
  const parsed = new Set(text.split(';').map((value) => value.slice(0, value.indexOf('='))));
  values.set(name, parsed);
  return parsed;
}

/** Read when the first EnvoyFilter comes: most clusters have none. */
function readIndex(): Index {
  if (index) return index;
  const read: Index = { names: [], messages: new Map(), enums: new Map() };
  for (const line of readMessageTypes().trim().split('\n')) {
    const bar = line.indexOf('|');
    const name = line.slice(2, bar);
    read.names.push(name);
    (line.startsWith('M') ? read.messages : read.enums).set(name, line.slice(bar + 1));
  }
  index = read;
  return read;
}

function parseField(text: string): MessageField {
  const [, name = '', mapKey = '', kind = '', star, type, jsonName] = FIELD.exec(text) ?? [];
  const key = KINDS[mapKey];
  return {
    name,
    jsonName: jsonName ?? lowerCamel(name),
    kind: KINDS[kind] ?? 'string',
    isList: star === '*',
    ...(key ? { mapKey: key } : {}),
    ...(type === undefined ? {} : { type: readIndex().names[Number(type)] ?? '' }),
  };
}

function lowerCamel(name: string): string {
  return name.replace(/_+([a-z])?/g, (_, letter: string | undefined) => (letter ?? '').toUpperCase());
}
