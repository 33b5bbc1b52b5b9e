import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../kube-object.ts';
import { admitByDefinition } from './admit-by-definition.ts';

function object(kind: string, spec: JsonObject, version = 'networking.istio.io/v1'): JsonObject {
  return { apiVersion: version, kind, metadata: { name: 'x' }, spec };
}

function refused(candidate: JsonObject): string[] | undefined {
  return admitByDefinition(candidate)?.findings.map(({ code, path }) => `${code} ${path}`);
}

describe('admission by the definition of a kind', () => {
  it.each<[what: string, candidate: JsonObject, expected: string[]]>([
    ['a good one', object('DestinationRule', { host: 'a' }), []],
    ['text for a list', object('VirtualService', { hosts: 'a' }), ['SchemaType spec.hosts']],
    ['a required field left out', object('DestinationRule', {}), ['SchemaRequired spec.host']],
    [
      'a value outside of an enum',
      object('ServiceEntry', { hosts: ['a.com'], resolution: 'MAGIC' }),
      ['SchemaEnum spec.resolution'],
    ],
    [
      'two of what excludes each other',
      object('VirtualService', { http: [{ match: [{ uri: { exact: 'a', prefix: 'b' } }] }] }),
      ['SchemaAlternatives spec.http[0].match[0].uri'],
    ],
    [
      'a duration that breaks a rule',
      object('VirtualService', { http: [{ timeout: '5seconds' }] }),
      ['SchemaRule spec.http[0].timeout'],
    ],
    [
      'two ports of one name',
      object('ServiceEntry', {
        hosts: ['a.com'],
        ports: [
          { name: 'http', number: 80 },
          { name: 'http', number: 81 },
        ],
      }),
      ['SchemaDuplicate spec.ports[1]'],
    ],
    [
      'a rule on two fields at once',
      object('PeerAuthentication', { portLevelMtls: { 80: {} } }, 'security.istio.io/v1'),
      ['SchemaRule spec'],
    ],
  ])('%s', (_what, candidate, expected) => {
    expect(refused(candidate)).toEqual(expected);
  });

  it('drops unknown fields and null, names the first, and keeps free-form configuration', () => {
    const candidate = object('DestinationRule', { host: 'a', hots: 'b', subsets: null });
    const admission = admitByDefinition({ ...candidate, extra: 1 });
    expect(admission?.unknownFields).toEqual(['spec.hots', 'extra']);
    expect(admission?.admitted).toEqual(object('DestinationRule', { host: 'a' }));
    const plugin = object(
      'WasmPlugin',
      { url: 'a', pluginConfig: { any: { thing: [1] } } },
      'extensions.istio.io/v1alpha1',
    );
    expect(admitByDefinition(plugin)?.admitted).toEqual(plugin);
  });

  it('admits what it admitted once more, unchanged', () => {
    const { admitted = {} } =
      admitByDefinition(object('Gateway', { servers: [{ hosts: ['*'], x: 1 }], y: null })) ?? {};
    expect(admitByDefinition(admitted)).toMatchObject({ admitted, unknownFields: [] });
  });

  it('knows nothing of versions that are not served', () => {
    expect(admitByDefinition(object('Gateway', {}, 'networking.istio.io/v9'))).toBeUndefined();
  });
});
