import type { z } from 'zod';
import { traitsOf } from '../../src/api/field-types.ts';
import { enumNames, messageTraits, protoMeta, type ScalarKind } from '../../src/api/proto/message-schema.ts';
import { choicesOf, unwrap } from '../../src/api/unwrap.ts';

type Schema = z.core.$ZodType;

/** How JSON carries each protobuf scalar. */
const SCALARS: Readonly<Record<Exclude<ScalarKind, 'enum'>, string>> = {
  string: 'string',
  bool: 'boolean',
  int32: 'number',
  uint32: 'number',
  int64: 'number',
  uint64: 'number',
  double: 'number',
  bytes: 'string',
  duration: 'string',
  timestamp: 'string',
  struct: 'Record<string, unknown>',
};

/** What JSON schemas and TypeScript call alike. */
const PLAIN: Readonly<Record<string, string>> = {
  string: 'string',
  boolean: 'boolean',
  number: 'number',
  int: 'number',
  unknown: 'unknown',
};

/**
 * Prints the objects behind schemas as interfaces, each once, by name: the form that the API server takes and gives.
 * Types that TypeScript would infer from the schemas are a single one of any depth, which other packages' generic types
 * cannot go through.
 */
export class TypePrinter {
  readonly #names = new Map<Schema, string>();
  readonly #interfaces = new Map<string, string>();

  /** Prints objects under these names, also where one is a part of another, and all that they hold. */
  constructor(roots: Readonly<Record<string, Schema>> = {}) {
    const objects = Object.entries(roots).map(([name, schema]) => [name, unwrap(schema) as z.core.$ZodObject] as const);
    for (const [name, schema] of objects) this.#names.set(schema, name);
    for (const [name, schema] of objects) this.#interfaces.set(name, this.#bodyOf(schema, name));
  }

  /** The fields of an object that is to be a part of something with that name, one text each; what they hold is printed. */
  fieldsOf(name: string, schema: Schema): string[] {
    return this.#fieldTexts(unwrap(schema) as z.core.$ZodObject, name);
  }

  /** The text of all interfaces, in the order of their names. */
  print(): string {
    const sorted = [...this.#interfaces].sort(([a], [b]) => (a < b ? -1 : 1));
    return sorted.map(([name, body]) => `${body.replace('interface {', `interface ${name} {`)}\n`).join('\n');
  }

  #declare(schema: z.core.$ZodObject, wanted: string, parent = ''): string {
    const known = this.#names.get(schema);
    if (known !== undefined) return known;
    const body = this.#bodyOf(schema, wanted);
    const name = this.#freeName(body, wanted, parent);
    this.#names.set(schema, name);
    this.#interfaces.set(name, body);
    return name;
  }

  /** Objects of different content that have one name: the second is called after what holds it. */
  #freeName(body: string, wanted: string, parent: string): string {
    const taken = (name: string): boolean => (this.#interfaces.get(name) ?? body) !== body;
    if (!taken(wanted)) return wanted;
    const name = `${parent}${wanted}`;
    if (taken(name)) throw new Error(`two different objects would be called ${name}`);
    return name;
  }

  #bodyOf(schema: z.core.$ZodObject, name: string): string {
    const groups = messageTraits(schema)?.oneOfs ?? [];
    const notes = groups.filter((arms) => arms.length > 1).map((arms) => `Set only one of ${arms.join(', ')}.`);
    const fields = this.#fieldTexts(schema, name).map((text) => text.replaceAll(/^/gm, '  '));
    return [...comment(notes), 'export interface {', ...fields, '}'].join('\n');
  }

  #fieldTexts(schema: z.core.$ZodObject, parent: string): string[] {
    const required = messageTraits(schema)?.required;
    return Object.entries(schema._zod.def.shape).flatMap(([name, field]) => {
      const { description = '', deprecated, crd } = notesOf(field);
      const isRequired = required ? required.includes(name) : !isOptional(field);
      const type = this.#typeOf(field, { parent, field: name });
      const note = deprecated ? `@deprecated ${description}` : description;
      const property = (key: string, mark: '?' | ''): string => `${propertyName(key)}${mark}: ${type};`;
      const text = [...comment([note]), property(name, isRequired ? '' : '?')].join('\n');
      const other = crd?.alsoNamed;
      if (other === undefined) return [text];
      return [text, [...comment([`@deprecated Write ${name}.`]), property(other, '?')].join('\n')];
    });
  }

  #typeOf(wrapped: Schema, at: { parent: string; field: string }): string {
    const notes = notesOf(wrapped);
    const schema = unwrap(wrapped);
    if (notes.scalar !== undefined) return scalarText(schema, notes.scalar, notes);
    const def = (schema as z.core.$ZodTypes)._zod.def;
    if (def.type === 'object') return this.#objectType(schema as z.core.$ZodObject, at);
    if (def.type === 'record') return `Record<string, ${this.#typeOf(def.valueType, at)}>`;
    if (def.type === 'array') {
      return `${grouped(this.#typeOf(def.element, { ...at, field: at.field.replace(/s$/, '') }))}[]`;
    }
    if (def.type === 'enum') return words(choicesOf(schema) ?? []);
    if (def.type === 'union') return [...new Set(def.options.map((option) => this.#typeOf(option, at)))].join(' | ');
    const plain = PLAIN[def.type];
    if (plain === undefined) throw new Error(`${at.parent}.${at.field}: no type for ${def.type}`);
    return plain;
  }

  #objectType(schema: z.core.$ZodObject, at: { parent: string; field: string }): string {
    const isEmpty = Object.keys(schema._zod.def.shape).length === 0;
    return isEmpty ? 'Record<string, never>' : this.#declare(schema, nameOf(schema, at), at.parent);
  }
}

function scalarText(schema: Schema, kind: ScalarKind, { wrapped, crd }: ReturnType<typeof protoMeta>): string {
  const plain = kind === 'enum' ? words([...enumNames(schema).values()]) : SCALARS[kind];
  return [plain, ...(crd?.intOrString ? ['string'] : []), ...(wrapped ? ['null'] : [])].join(' | ');
}

/** The name that a schema gives itself; else what holds it and the field, of whose entries it is one. */
function nameOf(schema: Schema, { parent, field }: { parent: string; field: string }): string {
  const own = messageTraits(schema)?.name ?? traitsOf(schema).name;
  return own ?? `${parent}${field.charAt(0).toUpperCase()}${field.slice(1)}`;
}

/** What a field says about itself, also of what it may be left out with. */
function notesOf(field: Schema): ReturnType<typeof protoMeta> {
  const def = (field as z.core.$ZodTypes)._zod.def;
  return def.type === 'optional' ? { ...protoMeta(def.innerType), ...protoMeta(field) } : protoMeta(field);
}

function isOptional(field: Schema): boolean {
  return (field as z.core.$ZodTypes)._zod.def.type === 'optional';
}

function words(names: readonly string[]): string {
  return names.map((name) => `'${name}'`).join(' | ');
}

function grouped(type: string): string {
  return type.includes(' | ') ? `(${type})` : type;
}

function propertyName(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : `'${name}'`;
}

/** A documentation comment, or nothing when there is nothing to say. */
export function comment(notes: readonly string[]): string[] {
  const text = notes.join(' ').replaceAll('*/', '* /');
  return text === '' ? [] : [`/** ${text} */`];
}
