import { fieldPath, itemPath } from '../../../api/field-path.ts';
import { isJsonObject, type Json } from '../../kube-object.ts';
import type { Findings } from '../findings.ts';
import { schemaOfField } from './prune.ts';
import { predicateOf } from './rule-predicates.ts';
import type { StructuralSchema } from './structural-schema.ts';

/** Records which rules in CEL a value breaks. Only for a value that its schema allows, which bounds lists and texts. */
export function checkRules(value: Json, schema: StructuralSchema, path: string, findings: Findings): void {
  if (value === null) return;
  const rules = schema['x-kubernetes-validations'];
  for (const { rule, message } of rules ?? []) {
    if (!predicateOf(rule)(value)) findings.error(path, 'SchemaRule', message);
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
