import type { z } from 'zod';
import { NO_TIME, parseDuration, printGoDuration } from '../../../../api/proto/duration.ts';
import { enumNames, messageTraits, protoMeta, type ScalarKind } from '../../../../api/proto/message-schema.ts';
import { unwrap } from '../../../../api/unwrap.ts';
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
import { pointerView } from './pointer-view.ts';

type Schema = z.core.$ZodType;

/** A protobuf message as Go templates see it: fields, getters that work on an unset message, and its JSON. */
export function messageView(schema: Schema, value: JsonObject | undefined): GoStruct {
  const message = unwrap(schema) as z.core.$ZodObject;
  const { shape } = message._zod.def;
  const { name = 'Message', oneOfs = [] } = messageTraits(message) ?? {};
  const inOneOf = new Set(oneOfs.flat());
  const names = new Map(Object.keys(shape).map((field) => [capitalised(field), field]));
  const read = (field: string): GoValue => fieldView(shape[field] as Schema, value?.[field]);
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

function fieldView(wrapped: Schema, value: Json | undefined): GoValue {
  const schema = unwrap(wrapped);
  const { scalar, wrapped: hasMessage } = protoMeta(schema);
  if (scalar !== undefined) {
    const plain = scalarView(schema, scalar, value);
    return hasMessage ? wrapperView(value === undefined ? undefined : plain, plain) : plain;
  }
  const def = (schema as z.core.$ZodTypes)._zod.def;
  if (def.type === 'array') return listView(def.element, value);
  if (def.type === 'record') return recordView(def.valueType, value);
  return messageView(schema, isJsonObject(value) ? value : undefined);
}

function listView(element: Schema, value: Json | undefined): GoList {
  const items = Array.isArray(value) ? value : [];
  return new GoList(items.map((item) => fieldView(element, item)));
}

function recordView(valueType: Schema, value: Json | undefined): GoMap {
  const schema = unwrap(valueType);
  if (protoMeta(schema).scalar === 'string') return textMap(value as Record<string, string> | undefined);
  const entries = isJsonObject(value) ? Object.entries(value) : [];
  return new GoMap(entries.map(([key, item]): [string, GoValue] => [key, fieldView(schema, item)]));
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

const INTEGERS: Partial<Record<ScalarKind, IntegerType>> = {
  int32: 'int32',
  uint32: 'uint32',
  int64: 'int64',
  uint64: 'uint64',
};

function scalarView(schema: Schema, kind: ScalarKind, value: Json | undefined): GoValue {
  if (kind === 'duration') return durationView(typeof value === 'string' ? value : undefined);
  if (kind === 'enum') return enumView(enumNames(schema), value);
  const integer = INTEGERS[kind];
  if (integer !== undefined) return new GoInteger(Math.trunc(Number(value ?? 0)), integer);
  if (kind === 'double') return Number(value ?? 0);
  if (kind === 'struct') return fromJson(value ?? {});
  if (value !== undefined) return fromJson(value);
  return kind === 'bool' ? false : '';
}

function enumView(names: ReadonlyMap<number, string>, value: Json | undefined): GoStruct {
  const known = [...names].find(([, name]) => name === value);
  const [number, name] = known ?? (typeof value === 'number' ? [value, String(value)] : [0, names.get(0) ?? '']);
  const code = new GoInteger(number, 'int32');
  return {
    ...pointerView('enum v1alpha1', name, { String: () => name, Number: () => code }),
    isNil: number === 0,
  };
}
