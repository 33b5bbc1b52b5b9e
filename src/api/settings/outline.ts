import type { Dialect } from '../field-types.ts';
import type { MessageOutline } from '../proto/outline.ts';
import type { LeafType } from './leaf-type.ts';

/** What the decoder must know of a type of settings, and no more: without descriptions and the schema's own methods. */
export type SettingsOutline = AnyOutline | LeafOutline | ListOutline | MapOutline | ObjectOutline | NestedMessage;

interface AnyOutline {
  form: 'any';
}

export interface LeafOutline {
  form: 'leaf';
  /** One of them is enough. */
  takes: readonly LeafType[];
  /** The same in words: `a string`, `an integer`. */
  expects: string;
}

interface ListOutline {
  form: 'list';
  element: SettingsOutline;
}

export interface MapOutline {
  form: 'map';
  value: SettingsOutline;
}

export interface ObjectOutline {
  form: 'object';
  name: string | undefined;
  dialect: Dialect;
  /** Asked for when a value of the object comes: an object may contain itself. */
  readFields: () => ReadonlyMap<string, () => SettingsOutline>;
}

/** A message of Istio's among settings of others. */
interface NestedMessage {
  form: 'message';
  message: MessageOutline;
}
