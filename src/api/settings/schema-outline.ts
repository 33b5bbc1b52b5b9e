import type { z } from 'zod';
import { traitsOf, type FieldMeta } from '../field-types.ts';
import { once } from '../once.ts';
import { messageTraits } from '../proto/message-schema.ts';
import type { MessageOutline } from '../proto/outline.ts';
import { outlineOf } from '../proto/schema-outline.ts';
import { choicesOf, defOf, onceForEach } from '../unwrap.ts';
import { NAMES_SHOWN } from '../wrong-value.ts';
import { plainLeaf, type LeafType } from './leaf-type.ts';
import type { SettingsOutline } from './outline.ts';

type Schema = z.core.$ZodType;

/** What the decoder must know of a schema. The same for the same schema. */
export const settingsOutlineOf: (schema: Schema) => SettingsOutline = onceForEach(build);

function build(schema: Schema): SettingsOutline {
  if (messageTraits(schema)) return { form: 'message', message: outlineOf(schema) as MessageOutline };
  const def = defOf(schema);
  switch (def.type) {
    case 'unknown':
      return { form: 'any' };
    case 'array':
      return { form: 'list', element: settingsOutlineOf(def.element) };
    case 'record':
      return { form: 'map', value: settingsOutlineOf(def.valueType) };
    case 'object':
      return {
        form: 'object',
        name: undefined,
        ...traitsOf(schema),
        readFields: once(
          () => new Map(Object.entries(def.shape).map(([name, field]) => [name, () => settingsOutlineOf(field)])),
        ),
      };
    default:
      return { form: 'leaf', takes: leafTypesOf(schema), expects: expectation(schema) };
  }
}

function leafTypesOf(schema: Schema): LeafType[] {
  const def = defOf(schema);
  if (def.type === 'union') return def.options.flatMap((option) => leafTypesOf(option));
  if (def.type === 'enum') return [{ words: Object.values(def.entries).map(String) }];
  const { leaf } = ((schema as z.ZodType).meta() as FieldMeta | undefined) ?? {};
  return [leaf ?? leafType(def)];
}

/** The type of a schema that says all by what it is and by one pattern. */
function leafType(def: ReturnType<typeof defOf>): LeafType {
  const checks = def.checks?.map((check) => check._zod.def as Partial<z.core.$ZodCheckRegexDef>) ?? [];
  const [pattern] = checks.map((check) => check.pattern);
  if (checks.length === 1 && pattern?.flags === '') return { pattern: pattern.source };
  const name = 'format' in def && def.format !== undefined ? def.format : def.type;
  const plain = checks.length === 0 ? plainLeaf(name) : undefined;
  if (plain === undefined) throw new Error(`a setting cannot be of this kind of ${name}: give it a leaf of its own`);
  return plain;
}

/** What a schema wants, in words: `a string`, `an integer`. */
export function expectation(schema: Schema): string {
  const meta = (schema as z.ZodType).meta() as FieldMeta | undefined;
  if (meta?.expects) return meta.expects;
  const choices = choicesOf(schema);
  if (choices) return `one of ${choices.slice(0, NAMES_SHOWN).join(', ')}`;
  const def = defOf(schema);
  if (def.type === 'string') return 'a string';
  if (def.type === 'boolean') return 'true or false';
  return `a ${def.type}`;
}
