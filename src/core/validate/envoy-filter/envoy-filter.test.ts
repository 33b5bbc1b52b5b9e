import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EnvoyConfigObjectPatch } from '../../../api/networking/envoy-filter.ts';
import { DEFAULT_VERSION } from '../../istio/registry.ts';
import { validateEnvoyFilter } from './envoy-filter.ts';

const LUA = 'type.googleapis.com/envoy.extensions.filters.http.lua.v3.Lua';

/** What is said beside the warning that every EnvoyFilter gets. */
function said(patch: EnvoyConfigObjectPatch): string[] {
  const { traits } = DEFAULT_VERSION;
  const metadata = { kind: 'EnvoyFilter', name: 'x', namespace: 'team', labels: {}, annotations: {}, traits };
  const findings = validateEnvoyFilter({ ...metadata, spec: { configPatches: [patch] } });
  expect(findings[0]?.code).toBe('InternalDetails');
  const prefix = 'spec.configPatches[0].';
  return findings.slice(1).map(({ severity, code, path }) => {
    return `${severity === 'error' ? '!' : ''}${code} ${path.replace(prefix, '')}`;
  });
}

function lua(value: Record<string, unknown>): EnvoyConfigObjectPatch {
  return { applyTo: 'HTTP_FILTER', patch: { operation: 'INSERT_BEFORE', value: { name: 'lua', ...value } } };
}

const inlineCode = 'function envoy_on_request(handle) end';

describe('an EnvoyFilter', () => {
  it.each<[what: string, patch: EnvoyConfigObjectPatch, expected: string[]]>([
    ['a filter', lua({ typed_config: { '@type': LUA, inlineCode } }), []],
    ['a filter with names of the other form', lua({ typedConfig: { '@type': LUA, inline_code: inlineCode } }), []],
    ['a filter that is only named', lua({}), ['TypedConfigMissing patch.value']],
    [
      'a type that does not exist',
      lua({ typed_config: { '@type': 'type.googleapis.com/envoy.config.filter.http.lua.v2.Lua' } }),
      ['!EnvoyConfigInvalid patch.value.typed_config["@type"]'],
    ],
    [
      'a field that this Envoy does not have',
      lua({ typed_config: { '@type': LUA, inline_cod: '' } }),
      ['EnvoyFieldUnknown patch.value.typed_config.inline_cod'],
    ],
    [
      'a field of the wrong type',
      lua({ typed_config: { '@type': LUA, inlineCode: 5 } }),
      ['!EnvoyConfigInvalid patch.value.typed_config.inlineCode'],
    ],
    [
      'a cluster with a duration, an enum and a wrapper',
      {
        applyTo: 'CLUSTER',
        patch: {
          operation: 'ADD',
          value: { name: 'a', type: 'STRICT_DNS', connect_timeout: '5s', per_connection_buffer_limit_bytes: 32768 },
        },
      },
      [],
    ],
    [
      'a cluster of a type that there is not',
      { applyTo: 'CLUSTER', patch: { operation: 'ADD', value: { type: 'DNS' } } },
      ['!EnvoyConfigInvalid patch.value.type'],
    ],
    ['nothing to apply to', { patch: { operation: 'REMOVE' } }, ['!ApplyToMissing applyTo']],
    ['no patch', { applyTo: 'CLUSTER' }, ['!PatchMissing patch']],
    ['no value', { applyTo: 'CLUSTER', patch: { operation: 'MERGE' } }, ['!ValueMissing patch.value']],
    [
      'a cluster that is chosen by a listener',
      { applyTo: 'CLUSTER', match: { listener: {} }, patch: { operation: 'REMOVE' } },
      ['!MatchUnfit match'],
    ],
    [
      'a filter within another than the connection manager',
      {
        applyTo: 'HTTP_FILTER',
        match: {
          listener: { filterChain: { filter: { name: 'envoy.filters.network.tcp_proxy', subFilter: { name: 'x' } } } },
        },
        patch: { operation: 'REMOVE' },
      },
      ['!SubFilterUnfit match.listener.filterChain.filter.name'],
    ],
    [
      'the old name of a filter',
      {
        applyTo: 'NETWORK_FILTER',
        match: { listener: { filterChain: { filter: { name: 'envoy.tcp_proxy' } } } },
        patch: { operation: 'REMOVE' },
      },
      ['FilterNameOld match.listener.filterChain.filter.name'],
    ],
    ['a waypoint, which Istio does not look at', { applyTo: 'CLUSTER', match: { context: 'WAYPOINT' } }, []],
  ])('%s', (_what, patch, expected) => {
    expect(said(patch)).toEqual(expected);
  });

  it('never throws, whatever is patched in', () => {
    const keys = fc.constantFrom('name', 'typed_config', '@type', 'value', 'load_assignment', 'endpoints', 'filters');
    const { json } = fc.letrec<{ json: unknown }>((tie) => ({
      json: fc.oneof(
        { maxDepth: 5 },
        fc.constantFrom(null, true, 1.5, '1', LUA, 'type.googleapis.com/google.protobuf.Any'),
        fc.array(tie('json'), { maxLength: 2 }),
        fc.dictionary(keys, tie('json'), { maxKeys: 3 }),
      ),
    }));
    fc.assert(
      fc.property(
        fc.dictionary(keys, json),
        fc.constantFrom('CLUSTER', 'LISTENER', 'HTTP_FILTER'),
        (value, applyTo) => {
          expect(() => said({ applyTo, patch: { operation: 'MERGE', value } })).not.toThrow();
        },
      ),
    );
  });

  it('gives up on messages that are nested without end', () => {
    let value: Record<string, unknown> = { '@type': 'type.googleapis.com/google.protobuf.Any', value: {} };
    for (let i = 0; i < 1000; i++) value = { '@type': 'type.googleapis.com/google.protobuf.Any', value };
    expect(said(lua({ typed_config: value }))).toEqual([expect.stringContaining('!EnvoyConfigInvalid')]);
  });
});
