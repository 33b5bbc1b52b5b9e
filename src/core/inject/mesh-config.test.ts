import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../kube-object.ts';
import { meshConfigWithDefaults } from './mesh-config.ts';
import { parsedAnnotation } from './proxy-config.ts';

describe('two fields of which one may be set', () => {
  test.each<[string, JsonObject, JsonObject]>([
    [
      'in the proxy configuration',
      { defaultConfig: { tracingServiceName: 'CANONICAL_NAME_ONLY', serviceCluster: 'a' } },
      { defaultConfig: { tracingServiceName: 'CANONICAL_NAME_ONLY' } },
    ],
    [
      'in a message inside it, in another spelling',
      { defaultConfig: { tracing: { zipkin: { address: 'z:1' }, open_census_agent: { address: 'o:1' } } } },
      { defaultConfig: { tracing: { openCensusAgent: { address: 'o:1' } } } },
    ],
    [
      'in an element of a list',
      { extensionProviders: [{ name: 'a', zipkin: { service: 's', port: 1 }, prometheus: {} }] },
      { extensionProviders: [{}, {}, {}, { name: 'a', prometheus: {} }] },
    ],
    [
      'null is none',
      { defaultConfig: { serviceCluster: 'a', tracingServiceName: null } },
      { defaultConfig: { serviceCluster: 'a' } },
    ],
  ])('%s: the last one counts, as istiod reads it', (_title, mesh, expected) => {
    const read = meshConfigWithDefaults(mesh);
    expect(read).toMatchObject(expected);
    expect(JSON.stringify(read)).not.toMatch(/z:1|"serviceCluster":"a".*tracingServiceName|"service":"s"/);
  });

  test('in the annotation of a pod as well', () => {
    expect(parsedAnnotation('{serviceCluster: a, tracingServiceName: CANONICAL_NAME_ONLY}')).toEqual({
      tracingServiceName: 'CANONICAL_NAME_ONLY',
    });
  });

  test('another fault is still told', () => {
    expect(() => meshConfigWithDefaults({ defaultConfig: { serviceCluster: 5, tracingServiceName: 'x' } })).toThrow(
      'tracingServiceName',
    );
  });
});

describe('the canonical form', () => {
  test.each<[string, JsonObject, JsonObject]>([
    ['a choice by its number', { outboundTrafficPolicy: { mode: 0 } }, { outboundTrafficPolicy: {} }],
    [
      'a choice whose number is not its place',
      { outboundTrafficPolicy: { mode: 3 }, defaultConfig: { controlPlaneAuthPolicy: 1000 } },
      {
        outboundTrafficPolicy: { mode: 'ALLOW_ANY_DYNAMIC_DNS' },
        defaultConfig: { controlPlaneAuthPolicy: 'INHERIT' },
      },
    ],
    ['an empty list, which overrides', { defaultServiceExportTo: [] }, { defaultVirtualServiceExportTo: ['*'] }],
    ['false that is not unset', { enableAutoMtls: false, verifyCertificateAtClient: false }, { enableAutoMtls: false }],
    [
      'numbers of 64 bits in quotes',
      { zoneAwareLbSetting: { minClusterSize: 6 }, extensionProviders: [{ name: 'p', zipkin: { port: '9411' } }] },
      { zoneAwareLbSetting: { minClusterSize: '6' } },
    ],
    ['durations in seconds', { connectTimeout: '1h2m3.5s' }, { connectTimeout: '3723.500s' }],
  ])('%s', (_title, mesh, expected) => {
    expect(meshConfigWithDefaults(mesh)).toMatchObject(expected);
  });

  test('leaves out what protobuf cannot tell from unset', () => {
    const read = meshConfigWithDefaults({ defaultServiceExportTo: [], enableTracing: false, proxyListenPort: 0 });
    expect(Object.keys(read)).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/^(defaultServiceExportTo|enableTracing|proxyListenPort)$/)]),
    );
  });
});
