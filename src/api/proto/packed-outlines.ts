import { once } from '../once.ts';
import { snakeCase, type MessageOutline, type Outline, type ScalarKind } from './outline.ts';

type PlainKind = Exclude<ScalarKind, 'enum'>;

/** A type as JSON: a scalar by name, a message by its place among all, an enum by its words. */
export type PackedType =
  | PlainKind
  | number
  | { wrapped: PlainKind }
  | { enum: readonly (readonly [number: number, name: string])[] }
  | { list: PackedType }
  | { map: PackedType; numeric?: true };

/** A message as JSON. */
export interface PackedMessage {
  name: string;
  oneOfs?: readonly (readonly string[])[];
  /** In the order of the proto file. */
  fields: Readonly<Record<string, PackedType>>;
  /** Names in the proto file that do not follow from those in JSON. */
  protoNames?: Readonly<Record<string, string>>;
}

/** Outlines as JSON: messages stand in one list, and those that are asked for are named. */
export interface PackedOutlines {
  messages: readonly PackedMessage[];
  roots: Readonly<Record<string, number>>;
}

const NO_NAMES: ReadonlyMap<number, string> = new Map();

/** Packs messages with all that they hold. */
export function packOutlines(roots: Readonly<Record<string, MessageOutline>>): PackedOutlines {
  const places = new Map<MessageOutline, number>();
  const messages: PackedMessage[] = [];
  const placeOf = (outline: MessageOutline): number => {
    const known = places.get(outline);
    if (known !== undefined) return known;
    const place = places.size;
    places.set(outline, place);
    messages[place] = packMessage(outline, placeOf);
    return place;
  };
  const named = Object.entries(roots).map(([name, outline]) => [name, placeOf(outline)] as const);
  return { messages, roots: Object.fromEntries(named) };
}

function packMessage({ name, oneOfs, readFields }: MessageOutline, placeOf: PlaceOf): PackedMessage {
  const fields = readFields();
  const odd = fields.filter((field) => field.protoName !== snakeCase(field.name));
  return {
    name,
    ...(oneOfs.length > 0 ? { oneOfs } : {}),
    fields: Object.fromEntries(fields.map((field) => [field.name, packType(field.read(), placeOf)])),
    ...(odd.length > 0 ? { protoNames: Object.fromEntries(odd.map((field) => [field.name, field.protoName])) } : {}),
  };
}

type PlaceOf = (outline: MessageOutline) => number;

function packType(outline: Outline, placeOf: PlaceOf): PackedType {
  switch (outline.form) {
    case 'scalar':
      if (outline.kind === 'enum') return { enum: [...outline.names] };
      return outline.isWrapped ? { wrapped: outline.kind } : outline.kind;
    case 'list':
      return { list: packType(outline.element, placeOf) };
    case 'map':
      return { map: packType(outline.value, placeOf), ...(outline.isNumeric ? { numeric: true } : {}) };
    case 'message':
      return placeOf(outline);
  }
}

/** The outlines of a text by their names; it is read when the first one is asked for. */
export function outlinesOf<Name extends string>(text: string): (name: Name) => MessageOutline {
  const read = once(() => {
    const { messages, roots } = JSON.parse(text) as PackedOutlines;
    return { messageAt: unpackOutlines(messages), roots };
  });
  return (name) => {
    const { messageAt, roots } = read();
    return messageAt(roots[name] ?? -1);
  };
}

/** Reads them back: each message by its place, when it is first asked for. */
function unpackOutlines(messages: readonly PackedMessage[]): (place: number) => MessageOutline {
  const unpacked: MessageOutline[] = [];
  const messageAt = (place: number): MessageOutline => (unpacked[place] ??= unpackMessage(messages[place], messageAt));
  return messageAt;
}

type MessageAt = (place: number) => MessageOutline;

function unpackMessage(packed: PackedMessage | undefined, messageAt: MessageAt): MessageOutline {
  if (!packed) throw new Error('a message refers to one that is not packed');
  const { name, oneOfs = [], fields, protoNames = {} } = packed;
  return {
    form: 'message',
    name,
    oneOfs,
    readFields: once(() =>
      Object.entries(fields).map(([field, type]) => ({
        name: field,
        protoName: protoNames[field] ?? snakeCase(field),
        read: once(() => unpackType(type, messageAt)),
      })),
    ),
  };
}

function unpackType(type: PackedType, messageAt: MessageAt): Outline {
  if (typeof type === 'number') return messageAt(type);
  if (typeof type === 'string') return { form: 'scalar', kind: type, names: NO_NAMES, isWrapped: false };
  if ('wrapped' in type) return { form: 'scalar', kind: type.wrapped, names: NO_NAMES, isWrapped: true };
  if ('list' in type) return { form: 'list', element: unpackType(type.list, messageAt) };
  if ('map' in type) return { form: 'map', value: unpackType(type.map, messageAt), isNumeric: type.numeric === true };
  return { form: 'scalar', kind: 'enum', names: new Map(type.enum), isWrapped: false };
}
