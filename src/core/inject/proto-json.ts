import type { z } from 'zod';
import { camelCase, choicesOf, decode, unwrap } from '../../api/decode.ts';
import { duration, traitsOf, type FieldMeta } from '../../api/field-types.ts';
import type { Problem } from '../../api/problem.ts';
import { NO_TIME, parseDuration, printProtoDuration } from '../../api/proto/duration.ts';
import { isJsonObject, type Json, type JsonObject } from '../kube-object.ts';
import { compareBytes } from './go-json.ts';
import { withOneMember } from './one-member.ts';
import { InjectionError } from './template-context.ts';

type Schema = z.core.$ZodType;

/** Fields that are set even when they hold zero or false (protobuf's wrapper types), by message. */
export const PRESENCE: Readonly<Record<string, readonly string[]>> = {
  MeshConfig: ['enableAutoMtls', 'enablePrometheusMerge', 'verifyCertificateAtClient'],
  ProxyConfig: ['concurrency', 'holdApplicationUntilProxyStarts', 'statsCompression'],
  Stackdriver: ['maxNumberOfAttributes', 'maxNumberOfAnnotations', 'maxNumberOfMessageEvents'],
  StackdriverProvider: ['maxNumberOfAttributes', 'maxNumberOfAnnotations', 'maxNumberOfMessageEvents'],
  Tracing: ['enableIstioTags'],
  CryptoMb: ['fallback'],
  QAT: ['fallback'],
  Server: ['disabled'],
  RequestId: ['disabled'],
  AttemptCount: ['disabled'],
  XForwardedHost: ['enabled'],
  XForwardedPort: ['enabled'],
  EnvoyDebugHeaders: ['disabled'],
  SetCurrentClientCertDetails: ['subject', 'cert', 'chain', 'dns', 'uri'],
  ProxyHeaders: ['preserveHttp1HeaderCase'],
  ConnectionSettings: [
    'listenerPerConnectionBufferLimitBytes',
    'clusterPerConnectionBufferLimitBytes',
    'httpMaxConcurrentStreams',
    'http2InitialStreamWindowSize',
    'http2InitialConnectionWindowSize',
    'httpMergeSlashes',
    'listenerConnectionLimit',
    'globalDownstreamConnectionLimit',
  ],
  OutlierDetection: ['consecutiveLocalOriginFailures', 'consecutiveGatewayErrors', 'consecutive5xxErrors'],
  ClientTLSSettings: ['insecureSkipVerify'],
  LocalityLoadBalancerSetting: ['enabled'],
  ZoneAwareLoadBalancerSetting: ['enabled', 'minClusterSize'],
};

/**
 * A protobuf message in canonical protojson form: camelCase names in the order of the schema, enums by name, durations
 * in seconds, nothing that protobuf cannot tell from unset. `keepZeros` keeps zero values of the message's own fields,
 * so that they can override. Unknown fields are left out, and of fields that exclude each other all but the last.
 * @throws InjectionError when a field has the wrong type; `path` names the message.
 */
export function protoForm(
  schema: z.ZodType,
  value: Json,
  { path, keepZeros = false }: { path: string; keepZeros?: boolean },
): JsonObject {
  const given = decode(schema, value, path);
  if (given.ok) return isJsonObject(value) ? messageForm(unwrap(schema) as z.core.$ZodObject, value, keepZeros) : {};
  const single = withOneMember(schema, value);
  const result = decode(schema, single, path);
  if (!result.ok) throw new InjectionError(result.problems.map(problemText).join('; '));
  return isJsonObject(single) ? messageForm(unwrap(schema) as z.core.$ZodObject, single, keepZeros) : {};
}

/** The message without fields of its own that hold zero; those of messages inside are gone already. */
export function withoutZeros(schema: z.ZodType, value: JsonObject): JsonObject {
  return messageForm(unwrap(schema) as z.core.$ZodObject, value, false);
}

function problemText(problem: Problem): string {
  return `${problem.path}: ${problem.message}${problem.hint === undefined ? '' : ` (${problem.hint})`}`;
}

function messageForm(schema: z.core.$ZodObject, value: JsonObject, keepZeros: boolean): JsonObject {
  const byName = new Map<string, Json>();
  for (const [key, item] of Object.entries(value)) {
    if (item !== null && item !== undefined) byName.set(camelCase(key), item);
  }
  const traits = traitsOf(schema);
  const keepsZero = new Set([...(PRESENCE[traits.name ?? ''] ?? []), ...traits.oneOf.flat()]);
  const result: JsonObject = {};
  for (const [name, field] of Object.entries(schema._zod.def.shape)) {
    const item = byName.get(camelCase(name));
    if (item === undefined) continue;
    const form = valueForm(field, item);
    if (keepZeros || keepsZero.has(name) || !isZero(field, form)) result[name] = form;
  }
  return result;
}

function valueForm(wrapped: Schema, value: Json): Json {
  const schema = unwrap(wrapped);
  const def = (schema as z.core.$ZodTypes)._zod.def;
  if (def.type === 'object') return isJsonObject(value) ? messageForm(schema as z.core.$ZodObject, value, false) : {};
  if (def.type === 'array') return Array.isArray(value) ? value.map((item) => valueForm(def.element, item)) : [];
  if (def.type === 'record') return isJsonObject(value) ? recordForm(def.valueType, value) : {};
  return scalarForm(schema, value);
}

function recordForm(schema: Schema, value: JsonObject): JsonObject {
  const result: JsonObject = {};
  for (const key of Object.keys(value).sort(compareBytes)) result[key] = valueForm(schema, value[key] ?? null);
  return result;
}

function scalarForm(schema: Schema, value: Json): Json {
  if (isDuration(schema)) return printProtoDuration(parseDuration(value as string) ?? NO_TIME);
  const number = numberFormat(schema);
  if (number === 'safeint') return typeof value === 'string' ? value : JSON.stringify(value);
  if (number !== undefined) return Number(value);
  const names = typeof value === 'number' ? choicesOf(schema) : undefined;
  return names?.[value as number] ?? value;
}

const DURATION_MEANING = (duration.meta() as FieldMeta).expects;

/** Whether a field holds a duration. */
export function isDuration(schema: Schema): boolean {
  return ((schema as z.ZodType).meta() as FieldMeta | undefined)?.expects === DURATION_MEANING;
}

/** Which numbers a protojson number field takes; undefined for other fields. */
export function numberFormat(schema: Schema): string | undefined {
  const def = (schema as z.core.$ZodTypes)._zod.def;
  if (def.type !== 'union' || choicesOf(schema)) return undefined;
  const first = (def.options[0] as z.core.$ZodTypes)._zod.def;
  if (first.type !== 'number') return undefined;
  return 'format' in first ? String(first.format) : 'float';
}

function isZero(wrapped: Schema, value: Json): boolean {
  if (value === '' || value === 0 || value === false) return true;
  if (Array.isArray(value)) return value.length === 0;
  const schema = unwrap(wrapped);
  if (value === '0') return numberFormat(schema) === 'safeint';
  const type = (schema as z.core.$ZodTypes)._zod.def.type;
  if (type === 'record') return isJsonObject(value) && Object.keys(value).length === 0;
  return type === 'union' && typeof value === 'string' && choicesOf(schema)?.[0] === value;
}
