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
