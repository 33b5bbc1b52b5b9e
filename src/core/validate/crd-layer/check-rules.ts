import { fieldPath, itemPath } from '../../../api/field-path.ts';
import { isJsonObject, type Json } from '../../kube-object.ts';
import type { Findings } from '../findings.ts';
import { compileRule } from './compile-rule.ts';
import { schemaOfField } from './prune.ts';
import type { StructuralSchema } from './structural-schema.ts';

/** Values as CEL sees them: integers as bigint, objects as maps. */
type CelInput = bigint | number | string | boolean | null | CelInput[] | Map<string, CelInput>;

/** Records which rules in CEL a value breaks. Only for a value that its schema allows, which bounds lists and texts. */
export function checkRules(value: Json, schema: StructuralSchema, path: string, findings: Findings): void {
  if (value === null) return;
  const rules = schema['x-kubernetes-validations'];
  if (rules) {
    const self = celValueOf(value, schema);
    for (const { rule, message } of rules) {
      if (!compileRule(rule)(self)) findings.error(path, 'SchemaRule', message);
    }
  }
  if (Array.isArray(value)) {
    const { items } = schema;
    if (items) value.forEach((item, i) => checkRules(item, items, itemPath(path, i), findings));
  } else if (isJsonObject(value)) {
    for (const key of Object.keys(value)) {
      const field = schemaOfField(schema, key);
      if (field) checkRules(value[key] ?? null, field, fieldPath(path, key), findings);
    }
  }
}

function celValueOf(value: Json, schema: StructuralSchema | undefined): CelInput {
  if (typeof value === 'number') return schema?.type === 'integer' ? BigInt(value) : value;
  if (Array.isArray(value)) return value.map((item) => celValueOf(item, schema?.items));
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(value).flatMap(([key, each]): [string, CelInput][] =>
    each === undefined ? [] : [[key, celValueOf(each, schema && schemaOfField(schema, key))]],
  );
  return new Map(entries);
}
