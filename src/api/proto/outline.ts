/** The protobuf types that a JSON scalar can stand for. Wrapper messages count as their scalar. */
export type ScalarKind =
  | 'string'
  | 'bool'
  | 'int32'
  | 'uint32'
  | 'int64'
  | 'uint64'
  | 'double'
  | 'bytes'
  | 'enum'
  | 'duration'
  | 'timestamp'
  | 'struct';

/** What a reader of JSON must know of a type, and no more: without descriptions, limits and the schema's own methods. */
export type Outline = ScalarOutline | ListOutline | MapOutline | MessageOutline;

export interface ScalarOutline {
  form: 'scalar';
  kind: ScalarKind;
  /** Of an enum, by number, in the order in which they were declared. */
  names: ReadonlyMap<number, string>;
  /** Whether it is wrapped in a message, so that null differs from zero. */
  isWrapped: boolean;
}

export interface ListOutline {
  form: 'list';
  element: Outline;
}

export interface MapOutline {
  form: 'map';
  value: Outline;
  /** Whether its keys are whole numbers. */
  isNumeric: boolean;
}

export interface MessageOutline {
  form: 'message';
  name: string;
  /** Groups of fields of which the last one that is set wins. */
  oneOfs: readonly (readonly string[])[];
  /** In the order of the proto file. Asked for when a value of the message comes: a message may contain itself. */
  readFields: () => readonly FieldOutline[];
}

export interface FieldOutline {
  name: string;
  /** The name in the proto file. */
  protoName: string;
  read: () => Outline;
}

/** `consecutiveErrors` as the proto file spells it, unless it says otherwise. */
export function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
