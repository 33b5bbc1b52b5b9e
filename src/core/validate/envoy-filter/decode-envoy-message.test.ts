import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../kube-object.ts';
import { checkEnvoyMessage } from './decode-envoy-message.ts';

const CLUSTER = 'envoy.config.cluster.v3.Cluster';
const STRUCT = 'type.googleapis.com/google.protobuf.Struct';

const check = (value: JsonObject, type = CLUSTER): ReturnType<typeof checkEnvoyMessage> =>
  checkEnvoyMessage(value, type, 'value');
const inAny = (any: JsonObject): JsonObject => ({ typed_extension_protocol_options: { x: any } });

describe('what Envoy reads', () => {
  test.each<[string, JsonObject]>([
    ['names of either form', { connect_timeout: '1s', respectDnsTtl: true }],
    ['enums by name and number', { lb_policy: 'ROUND_ROBIN', type: 1 }],
    ['null as not set', { name: null, lb_policy: null, load_assignment: null, health_checks: null }],
    ['whole numbers as text', { per_connection_buffer_limit_bytes: '1024' }],
    ['lists of messages', { health_checks: [{ timeout: '1s', interval: '1.5s' }] }],
    ['another message by its type', inAny({ '@type': `type.googleapis.com/${CLUSTER}`, name: 'a' })],
    ['what stands below value in an Any', inAny({ '@type': STRUCT, value: { anything: [1] } })],
    ['anything in a struct', { metadata: { filter_metadata: { istio: { a: { b: null } } } } }],
  ])('%s', (_, value) => {
    expect(check(value)).toEqual({ unknownFields: [] });
  });
});

describe('what it does not read, with its place', () => {
  test.each<[string, JsonObject, string, string]>([
    ['a message that is none', { load_assignment: 'a' }, 'value.load_assignment', 'must be an object, not "a"'],
    ['a list that is none', { health_checks: {} }, 'value.health_checks', 'must be a list, not {}'],
    [
      'a map that is none',
      { metadata: { filter_metadata: [] } },
      'value.metadata.filter_metadata',
      'must be an object',
    ],
    ['a duration', { connect_timeout: 5 }, 'value.connect_timeout', 'must be a duration such as 10s, not 5'],
    ['a value of an enum', { lb_policy: 'NOPE' }, 'value.lb_policy', '"NOPE" is not a value of'],
    ['a number of an enum', { lb_policy: 1.5 }, 'value.lb_policy', ''],
    ['text for a number', { per_connection_buffer_limit_bytes: 'x' }, 'value.per_connection_buffer_limit_bytes', ''],
    [
      'a struct that is none',
      { metadata: { filter_metadata: { a: 1 } } },
      'value.metadata.filter_metadata.a',
      'object',
    ],
    ['an Any without a type', inAny({}), 'value.typed_extension_protocol_options.x["@type"]', 'must name the type'],
    ['an Any of a number', inAny({ '@type': 1 }), 'value.typed_extension_protocol_options.x["@type"]', 'must be text'],
    [
      'an unknown type',
      inAny({ '@type': 'x/a.B' }),
      'value.typed_extension_protocol_options.x["@type"]',
      'documentation',
    ],
    [
      'an old type',
      inAny({ '@type': 'x/envoy.api.v2.B' }),
      'value.typed_extension_protocol_options.x["@type"]',
      'version 3',
    ],
    [
      'a well-known type alone',
      inAny({ '@type': STRUCT }),
      'value.typed_extension_protocol_options.x',
      'needs "value"',
    ],
    [
      'an Any in an Any',
      inAny({ '@type': 'x/google.protobuf.Any', value: 1 }),
      'value.typed_extension_protocol_options.x.value',
      'object',
    ],
  ])('%s', (_, value, path, message) => {
    const { error } = check(value);
    expect(error?.path).toBe(path);
    expect(error?.message).toContain(message);
  });

  test('nesting without an end', () => {
    let any: JsonObject = { '@type': `x/${CLUSTER}` };
    for (let depth = 0; depth < 120; depth += 1) any = { '@type': `x/${CLUSTER}`, ...inAny(any) };
    expect(check(inAny(any)).error?.message).toBe('is nested more than 100 levels deep');
  });

  test('fields of a newer Envoy are ignored, and named', () => {
    expect(check({ nope: 1, common_lb_config: { nope: 1 } }).unknownFields.map(({ path }) => path)).toEqual([
      'value.common_lb_config.nope',
      'value.nope',
    ]);
  });
});
