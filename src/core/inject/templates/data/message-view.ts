import type { z } from 'zod';
import { choicesOf, unwrap } from '../../../../api/decode.ts';
import { traitsOf } from '../../../../api/field-types.ts';
import { NO_TIME, parseDuration, printGoDuration } from '../../../../api/proto/duration.ts';
import {
  fromJson,
  GoInteger,
  GoList,
  GoMap,
  textMap,
  type GoStruct,
  type GoValue,
  type IntegerType,
} from '../../../go-template/go-values.ts';
import { goText } from '../../../go-template/print-value.ts';
import { isJsonObject, type Json, type JsonObject } from '../../../kube-object.ts';
import { isDuration, numberFormat, PRESENCE } from '../../proto-json.ts';
import { pointerView } from './pointer-view.ts';

type Schema = z.core.$ZodType;

/** A protobuf message as Go templates see it: fields, getters that work on an unset message, and its JSON. */
export function messageView(schema: Schema, value: JsonObject | undefined): GoStruct {
  const message = unwrap(schema) as z.core.$ZodObject;
  const { shape } = message._zod.def;
  const { name = 'Message', oneOf } = traitsOf(message);
  const wrapped = new Set(PRESENCE[name] ?? []);
  const inOneOf = new Set(oneOf.flat());
  const names = new Map(Object.keys(shape).map((field) => [capitalised(field), field]));
  const read = (field: string): GoValue => fieldView(shape[field] as Schema, value?.[field], wrapped.has(field));
  return {
    type: `*v1alpha1.${name}`,
    isNil: value === undefined,
    field: (goName) => {
      const field = names.get(goName);
      return field === undefined || inOneOf.has(field) ? undefined : { value: read(field) };
    },
    method: (goName) => {
      const field = goName.startsWith('Get') ? names.get(goName.slice(3)) : undefined;
      if (field !== undefined) return () => read(field);
      return goName === 'String' ? () => goText(fromJson(value)) : undefined;
    },
    text: () => (value === undefined ? '<nil>' : goText(fromJson(value))),
    json: () => value ?? null,
  };
}

function capitalised(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

function fieldView(wrappedSchema: Schema, value: Json | undefined, wrapper: boolean): GoValue {
  const schema = unwrap(wrappedSchema);
  const def = (schema as z.core.$ZodTypes)._zod.def;
  if (def.type === 'object') return messageView(schema, isJsonObject(value) ? value : undefined);
  if (def.type === 'array') return listView(def.element, value);
  if (def.type === 'record') return recordView(def.valueType, value);
  if (isDuration(schema)) return durationView(typeof value === 'string' ? value : undefined);
  const plain = scalarView(schema, value);
  return wrapper ? wrapperView(value === undefined ? undefined : plain, plain) : plain;
}

function listView(element: Schema, value: Json | undefined): GoList {
  const items = Array.isArray(value) ? value : [];
  return new GoList(items.map((item) => fieldView(element, item, false)));
}

function recordView(valueType: Schema, value: Json | undefined): GoMap {
  const schema = unwrap(valueType);
  if ((schema as z.core.$ZodTypes)._zod.def.type === 'string')
    return textMap(value as Record<string, string> | undefined);
  const entries = isJsonObject(value) ? Object.entries(value) : [];
  return new GoMap(entries.map(([key, item]): [string, GoValue] => [key, fieldView(schema, item, false)]));
}

function wrapperView(value: GoValue, zero: GoValue): GoStruct {
  return pointerView('*wrapperspb.Value', value, { GetValue: () => value ?? zero });
}

/** A protobuf duration. */
const DURATION_TYPE = '*durationpb.Duration';

function durationView(value: string | undefined): GoStruct {
  const length = (value === undefined ? undefined : parseDuration(value)) ?? NO_TIME;
  return pointerView(DURATION_TYPE, value === undefined ? undefined : printGoDuration(length), {
    AsDuration: () => printGoDuration(length),
    GetSeconds: () => new GoInteger(length.seconds, 'int64'),
    GetNanos: () => new GoInteger(length.nanos, 'int32'),
  });
}

const INTEGERS: Readonly<Record<string, IntegerType>> = { int32: 'int32', uint32: 'uint32', safeint: 'int64' };

function scalarView(schema: Schema, value: Json | undefined): GoValue {
  const format = numberFormat(schema);
  if (format !== undefined) return numberView(format, Number(value ?? 0));
  const choices = choicesOf(schema);
  if (choices) return enumView(choices, typeof value === 'string' ? value : (choices[0] ?? ''));
  if (value !== undefined) return fromJson(value);
  return (schema as z.core.$ZodTypes)._zod.def.type === 'boolean' ? false : '';
}

function numberView(format: string, value: number): GoValue {
  const type = INTEGERS[format];
  return type === undefined ? value : new GoInteger(Math.trunc(value), type);
}

function enumView(choices: readonly string[], name: string): GoStruct {
  const number = new GoInteger(Math.max(0, choices.indexOf(name)), 'int32');
  return {
    ...pointerView('enum v1alpha1', name, { String: () => name, Number: () => number }),
    isNil: number.value === 0n,
  };
}
