import { fromJson, GoInteger, textList, textMap, type GoStruct, type GoValue } from '../../../go-template/go-values.ts';
import type { Json, JsonObject, ObjectMeta } from '../../../kube-object.ts';
import { goFieldName } from './go-field-names.ts';

const TEXTS = ['name', 'generateName', 'namespace', 'selfLink', 'uid', 'resourceVersion'];
const MAPS = ['labels', 'annotations'];
const GETTERS = ['Name', 'Namespace', 'Labels', 'Annotations', 'GenerateName', 'UID'];

/** The metadata of an object as Go templates see it. */
export function metadataView(metadata: Partial<ObjectMeta>): GoStruct {
  const fields = new Map<string, GoValue>();
  for (const name of TEXTS) fields.set(goFieldName(name), textOf(metadata[name]));
  for (const name of MAPS) fields.set(goFieldName(name), textMap(metadata[name] as Record<string, string> | undefined));
  fields.set('Generation', new GoInteger(0, 'int64'));
  fields.set('Finalizers', textList((metadata.finalizers as string[] | undefined) ?? []));
  fields.set('OwnerReferences', fromJson(ownersOf(metadata)));
  return {
    type: 'v1.ObjectMeta',
    isNil: false,
    field: (name) => (fields.has(name) ? { value: fields.get(name) } : undefined),
    method: (name) => {
      const field = GETTERS.find((getter) => name === `Get${getter}`);
      return field === undefined ? undefined : () => fields.get(field);
    },
    text: () => `{${textOf(metadata.name)}}`,
    json: () => metadata as Json,
  };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** Owners with Go's field names. */
function ownersOf(metadata: Partial<ObjectMeta>): Json {
  const owners = (metadata.ownerReferences as JsonObject[] | undefined) ?? [];
  return owners.map((owner) => {
    const pairs = Object.entries(owner).map(([key, value]) => [goFieldName(key), value]);
    return Object.fromEntries(pairs) as JsonObject;
  });
}
