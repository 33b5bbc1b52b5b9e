import { once } from '../once.ts';
import type { MessageOutline } from '../proto/outline.ts';
import type { LeafOutline, ObjectOutline, SettingsOutline } from './outline.ts';

/** A type as JSON: objects by their place among all, leaves likewise, messages by name. */
export type PackedType =
  'any' | number | { leaf: number } | { list: PackedType } | { map: PackedType } | { message: string };

type PackedLeaf = Pick<LeafOutline, 'takes' | 'expects'>;

interface PackedObject {
  name?: string;
  dialect?: 'values';
  fields: Readonly<Record<string, PackedType>>;
}

/** Outlines as JSON: objects and leaves stand in one list each, and those that are asked for are named. */
export interface PackedSettings {
  objects: readonly PackedObject[];
  leaves: readonly PackedLeaf[];
  roots: Readonly<Record<string, PackedType>>;
}

/** Packs types with all that they hold. `nameOf` says how the reader will find a message. */
export function packSettings(
  roots: Readonly<Record<string, SettingsOutline>>,
  nameOf: (message: MessageOutline) => string,
): PackedSettings {
  const objects: PackedObject[] = [];
  const leaves: PackedLeaf[] = [];
  const places = new Map<unknown, number>();
  const placeOf = <T>(key: unknown, list: T[], pack: () => T): number => {
    const known = places.get(key);
    if (known !== undefined) return known;
    const place = list.length;
    places.set(key, place);
    list.length += 1;
    list[place] = pack();
    return place;
  };
  const packObject = ({ name, dialect, readFields }: ObjectOutline): PackedObject => ({
    ...(name === undefined ? {} : { name }),
    ...(dialect === 'values' ? { dialect } : {}),
    fields: packAll([...readFields()].map(([field, read]) => [field, read()])),
  });
  const pack = (outline: SettingsOutline): PackedType => {
    switch (outline.form) {
      case 'any':
        return 'any';
      case 'leaf': {
        const { takes, expects } = outline;
        return { leaf: placeOf(JSON.stringify([takes, expects]), leaves, () => ({ takes, expects })) };
      }
      case 'list':
        return { list: pack(outline.element) };
      case 'map':
        return { map: pack(outline.value) };
      case 'object':
        return placeOf(outline, objects, () => packObject(outline));
      case 'message':
        return { message: nameOf(outline.message) };
    }
  };
  const packAll = (entries: readonly (readonly [string, SettingsOutline])[]): Record<string, PackedType> =>
    Object.fromEntries(entries.map(([name, outline]) => [name, pack(outline)]));
  return { roots: packAll(Object.entries(roots)), objects, leaves };
}

/** The outlines of a text by their names; it is read when the first one is asked for. */
export function settingsOutlinesOf<Name extends string>(
  text: string,
  messageNamed: (name: string) => MessageOutline,
): (name: Name) => SettingsOutline {
  const read = once(() => unpackSettings(JSON.parse(text) as PackedSettings, messageNamed));
  return (name) => read()(name);
}

/** Reads them back: each object when it is first asked for. */
export function unpackSettings(
  { roots, objects, leaves }: PackedSettings,
  messageNamed: (name: string) => MessageOutline,
): (name: string) => SettingsOutline {
  const unpacked: ObjectOutline[] = [];
  const unpackObject = (packed: PackedObject | undefined): ObjectOutline => {
    if (!packed) throw new Error('a type refers to one that is not packed');
    const { name, dialect = 'kube', fields } = packed;
    const readFields = once(
      () => new Map(Object.entries(fields).map(([field, type]) => [field, once(() => unpack(type))])),
    );
    return { form: 'object', name, dialect, readFields };
  };
  const unpack = (type: PackedType | undefined): SettingsOutline => {
    if (typeof type === 'number') return (unpacked[type] ??= unpackObject(objects[type]));
    if (type === undefined || type === 'any') return { form: 'any' };
    if ('list' in type) return { form: 'list', element: unpack(type.list) };
    if ('map' in type) return { form: 'map', value: unpack(type.map) };
    if ('message' in type) return { form: 'message', message: messageNamed(type.message) };
    const leaf = leaves[type.leaf];
    if (!leaf) throw new Error('a type refers to a leaf that is not packed');
    return { form: 'leaf', ...leaf };
  };
  return (name) => unpack(roots[name]);
}
