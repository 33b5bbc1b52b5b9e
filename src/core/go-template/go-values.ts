import type { Json } from '../kube-object.ts';
import { TemplateError } from './template-error.ts';
import { VisitBudget } from './visit-budget.ts';

/** Go's integer types that occur. */
export type IntegerType = 'int' | 'int32' | 'int64' | 'uint32' | 'uint64' | 'uint8';

/** A Go integer: its type decides what it may be compared with. */
export class GoInteger {
  readonly value: bigint;
  readonly type: IntegerType;

  constructor(value: bigint | number, type: IntegerType = 'int') {
    this.value = BigInt(value);
    this.type = type;
  }

  get unsigned(): boolean {
    return this.type.startsWith('u');
  }
}

/** A Go slice. */
export class GoList {
  readonly items: readonly GoValue[];
  readonly type: string;

  constructor(items: readonly GoValue[], type = '[]interface {}') {
    this.items = items;
    this.type = type;
  }
}

/** A Go map with text keys. */
export class GoMap {
  readonly entries: Map<string, GoValue>;
  /** Whether all values are text. */
  readonly ofText: boolean;

  constructor(entries: Iterable<readonly [string, GoValue]> = [], ofText = false) {
    this.entries = new Map(entries);
    this.ofText = ofText;
  }

  get type(): string {
    return this.ofText ? 'map[string]string' : 'map[string]interface {}';
  }
}

/** A Go struct, or a pointer to one, as its data offers it. */
export interface GoStruct {
  readonly type: string;
  /** A nil pointer: methods may still be called. */
  readonly isNil: boolean;
  /** The value of an exported field; undefined inside the result stands for no value. */
  field(name: string): { value: GoValue } | undefined;
  /** A method of the type. */
  method(name: string): (() => GoValue) | undefined;
  /** How Go prints it. */
  text(): string;
  /** How Go writes it as JSON. */
  json(): Json;
}

/**
 * A value of a template. `undefined` is no value at all (a missing key), `null` is a nil interface, a number is a
 * float64.
 */
export type GoValue = undefined | null | boolean | string | number | GoInteger | GoList | GoMap | GoStruct;

export function isStruct(value: GoValue): value is GoStruct {
  return typeof value === 'object' && value !== null && 'method' in value;
}

/** The name of a value's Go type. */
export function typeName(value: GoValue): string {
  if (value === undefined || value === null) return '<nil>';
  if (typeof value === 'string') return 'string';
  if (typeof value === 'boolean') return 'bool';
  return typeof value === 'number' ? 'float64' : value.type;
}

/** The kind of a value's Go type, as sprig's kindOf names it. */
export function kindName(value: GoValue): string {
  if (value === undefined || value === null) return 'invalid';
  if (value instanceof GoList) return 'slice';
  if (value instanceof GoMap) return 'map';
  if (isStruct(value)) return value.type.startsWith('*') ? 'ptr' : 'struct';
  return typeName(value);
}

/** Go's truth: false, zero, nil and what is empty are false. */
export function isTrue(value: GoValue): boolean {
  if (typeof value !== 'object' || value === null) return Boolean(value) || Number.isNaN(value);
  if (value instanceof GoInteger) return value.value !== 0n;
  if (value instanceof GoList) return value.items.length > 0;
  return value instanceof GoMap ? value.entries.size > 0 : !value.isNil;
}

/** JSON as Go decodes it into interfaces: all numbers are floats. */
export function fromJson(value: Json | undefined): GoValue {
  if (Array.isArray(value)) return new GoList(value.map(fromJson));
  if (typeof value !== 'object' || value === null) return value;
  const entries: [string, GoValue][] = [];
  for (const [key, item] of Object.entries(value)) if (item !== undefined) entries.push([key, fromJson(item)]);
  return new GoMap(entries);
}

/** A map of texts. */
export function textMap(value: Readonly<Record<string, string>> | undefined): GoMap {
  return new GoMap(Object.entries(value ?? {}), true);
}

/** A list of texts. */
export function textList(items: readonly string[]): GoList {
  return new GoList(items, '[]string');
}

/** An int. */
export function integer(value: number | bigint): GoInteger {
  return new GoInteger(BigInt.asIntN(64, BigInt(value)));
}

/** An int64. */
export function integer64(value: bigint): GoInteger {
  return new GoInteger(BigInt.asIntN(64, value), 'int64');
}

/** The JSON of a value. @throws TemplateError for a value that contains itself or is too large */
export function toJson(value: GoValue): Json {
  return jsonOf(value, new VisitBudget());
}

function jsonOf(value: GoValue, budget: VisitBudget): Json {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new TemplateError(`JSON has no ${value}`);
  if (typeof value !== 'object' || value === null) return value ?? null;
  if (value instanceof GoInteger) return Number(value.value);
  return budget.visit(() => groupJson(value, budget));
}

function groupJson(value: GoList | GoMap | GoStruct, budget: VisitBudget): Json {
  if (value instanceof GoList) return value.items.map((item) => jsonOf(item, budget));
  if (!(value instanceof GoMap)) return value.json();
  return Object.fromEntries(sortedEntries(value).map(([key, item]): [string, Json] => [key, jsonOf(item, budget)]));
}

/** The entries of a map in Go's order of keys. */
export function sortedEntries(map: GoMap): [string, GoValue][] {
  return [...map.entries].sort(([a], [b]) => compareText(a, b));
}

/** Go's order of texts: by code point. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i += 1) {
    if (a.charCodeAt(i) !== b.charCodeAt(i)) return (a.codePointAt(i) ?? 0) < (b.codePointAt(i) ?? 0) ? -1 : 1;
  }
  return a.length < b.length ? -1 : 1;
}
