import { fieldPath } from '../../../api/field-path.ts';
import { isJsonObject, type Json, type JsonObject } from '../../kube-object.ts';
import { fieldsOf, type MessageField, type TypeName } from './message-types.ts';

/** Either of these says what an extension is configured with; its name alone does not. */
const CONFIGURED_BY: ReadonlySet<string> = new Set(['typedConfig', 'configDiscovery']);

/** Paths of extensions that are only named: single messages that could have `typed_config` and have not. */
export function findMissingTypedConfigs(value: JsonObject, type: TypeName, path: string): string[] {
  const fields = fieldsOf(type) ?? [];
  const isExtension = fields.some(({ jsonName }) => jsonName === 'typedConfig');
  const isConfigured = fields.some((field) => CONFIGURED_BY.has(field.jsonName) && isJsonObject(valueOf(value, field)));
  const below = fields.flatMap((field) => {
    const inner = valueOf(value, field);
    const isSingle = field.kind === 'message' && !field.isList && !field.mapKey;
    return isSingle && isJsonObject(inner)
      ? findMissingTypedConfigs(inner, field.type ?? '', fieldPath(path, field.name))
      : [];
  });
  return isExtension && !isConfigured ? [...below, path] : below;
}

function valueOf(value: JsonObject, { name, jsonName }: MessageField): Json | undefined {
  return value[jsonName] ?? value[name];
}
