import { describe, expect, test } from 'vitest';
import type { Problem } from '../problem.ts';
import { decodeIstioOperator, decodeMergedSpec, decodeMergedValues, decodeSpec } from './decode-istio-operator.ts';

const RESOURCE = { apiVersion: 'install.istio.io/v1alpha1', kind: 'IstioOperator' };

function resource(spec: unknown): Record<string, unknown> {
  return { ...RESOURCE, metadata: { name: 'mesh', namespace: 'istio-system' }, spec };
}

function problemsOf(spec: unknown): Problem[] {
  const result = decodeIstioOperator(resource(spec));
  return result.ok ? [] : result.problems;
}

const port = (fields: Record<string, unknown>): unknown => ({
  components: { ingressGateways: [{ name: 'gw', k8s: { service: { ports: [fields] } } }] },
});

describe('accepted specs', () => {
  test.each<[string, unknown]>([
    ['nothing at all', undefined],
    ['an empty spec', {}],
    ['a tag that YAML reads as a number', { tag: 1.31 }],
    ['a registry with a port, without a path', { hub: 'localhost:5000' }],
    ['an int with a fraction of zero', { components: { pilot: { k8s: { replicaCount: 2.0 } } } }],
    [
      'quantities as numbers',
      { components: { pilot: { k8s: { resources: { requests: { cpu: 2, memory: '1Gi' } } } } } },
    ],
    [
      'null where a field is unset',
      { hub: null, components: { pilot: { k8s: null } }, values: { global: { proxy: null } } },
    ],
    ['fields of the mesh configuration with underscores', { meshConfig: { access_log_file: '/dev/stdout' } }],
    ['enums of the mesh configuration as numbers', { meshConfig: { accessLogEncoding: 1 } }],
    ['numbers of the values in quotes', { values: { pilot: { autoscaleMin: '2', traceSampling: '1.5' } } }],
    ['anything in unvalidatedValues', { unvalidatedValues: { pilot: { whatever: [1, { a: null }] } } }],
    ['anything for ztunnel', { values: { ztunnel: { whatever: 1 } } }],
    ['the empty string as an unset choice', { values: { global: { imagePullPolicy: '' } } }],
    ['every address', { values: { global: { proxy: { includeIPRanges: '*' } } } }],
    [
      'address ranges of both families',
      { values: { global: { proxy: { excludeIPRanges: '10.0.0.0/8,fd00::/8,::1.2.3.4/128' } } } },
    ],
    ['a named target port', port({ port: 80, targetPort: 'http' })],
    ['a high port without a target port', port({ port: 8080 })],
    [
      'a low port as root',
      { ...(port({ port: 80 }) as object), values: { gateways: { 'istio-ingressgateway': { runAsRoot: true } } } },
    ],
    ['a percentage', { components: { pilot: { k8s: { podDisruptionBudget: { maxUnavailable: '25%' } } } } }],
  ])('%s', (_title, spec) => {
    expect(problemsOf(spec)).toEqual([]);
  });
});

describe('refused specs', () => {
  test.each<[string, unknown, Partial<Problem>]>([
    [
      'an unknown field',
      { profil: 'x' },
      { path: 'spec.profil', message: 'unknown field', hint: 'did you mean "profile"?' },
    ],
    [
      'an unknown field in a list',
      { components: { ingressGateways: [{ name: 'a', k8s: { hpaSpec: { foo: 1 } } }] } },
      { path: 'spec.components.ingressGateways[0].k8s.hpaSpec.foo', message: 'unknown field' },
    ],
    [
      'a field of a withdrawn API version',
      {
        components: {
          pilot: {
            k8s: {
              hpaSpec: { metrics: [{ type: 'Resource', resource: { name: 'cpu', targetAverageUtilization: 80 } }] },
            },
          },
        },
      },
      {
        path: 'spec.components.pilot.k8s.hpaSpec.metrics[0].resource.targetAverageUtilization',
        hint: 'autoscaling/v2 has target: {type: Utilization, averageUtilization: 80}',
      },
    ],
    [
      'a shorter word for a field',
      { components: { pilot: { k8s: { replicas: 3 } } } },
      { hint: 'did you mean "replicaCount"?' },
    ],
    [
      'an unknown component',
      { components: { pilots: {} } },
      { path: 'spec.components.pilots', hint: 'did you mean "pilot"?' },
    ],
    [
      'an unknown value',
      { values: { global: { notThere: 1 } } },
      { path: 'spec.values.global.notThere', message: 'unknown field' },
    ],
    [
      'a number for a text',
      { hub: 5 },
      { path: 'spec.hub', message: 'must be a string, got number 5', hint: 'put it in quotes: "5"' },
    ],
    [
      'a tag of digits without quotes',
      { tag: 20260101 },
      { path: 'spec.tag', message: 'is a number (20260101), which loses its digits: quote it' },
    ],
    [
      'a text for a switch',
      { components: { pilot: { enabled: 'true' } } },
      {
        path: 'spec.components.pilot.enabled',
        message: 'must be true or false, got string "true"',
        hint: 'write true without quotes',
      },
    ],
    [
      'a fraction for an int',
      { components: { pilot: { k8s: { replicaCount: 1.5 } } } },
      { message: 'must be an integer from 0 to 4294967295, got number 1.5' },
    ],
    [
      'an object for a list',
      { components: { egressGateways: { name: 'a' } } },
      { path: 'spec.components.egressGateways', message: 'must be a list, got an object' },
    ],
    [
      'a number for a quantity of the values, which istiod could not read',
      { values: { global: { proxy: { resources: { limits: { cpu: 2 } } } } } },
      { path: 'spec.values.global.proxy.resources.limits.cpu', hint: 'put it in quotes: "2"' },
    ],
    ['a list for an object', { values: [1] }, { path: 'spec.values', message: 'must be an object, got a list' }],
    [
      'a boolean annotation',
      { components: { pilot: { k8s: { podAnnotations: { 'a.b/c': true } } } } },
      { path: 'spec.components.pilot.k8s.podAnnotations["a.b/c"]', hint: 'put it in quotes: "true"' },
    ],
    [
      'a choice nearly right',
      { components: { pilot: { k8s: { imagePullPolicy: 'always' } } } },
      { message: 'must be one of Always, IfNotPresent, Never, got "always"', hint: 'did you mean "Always"?' },
    ],
    [
      'a wrong choice of the mesh configuration',
      { meshConfig: { outboundTrafficPolicy: { mode: 'REGISTRY_ONY' } } },
      { path: 'spec.meshConfig.outboundTrafficPolicy.mode', hint: 'did you mean "REGISTRY_ONLY"?' },
    ],
    [
      'a duration without a unit',
      { meshConfig: { connectTimeout: '10' } },
      { message: 'must be a duration such as 10s, 1h30m or 250ms, got string "10"' },
    ],
    [
      'two tracers of which one is allowed',
      { meshConfig: { defaultConfig: { tracing: { zipkin: {}, datadog: {} } } } },
      { path: 'spec.meshConfig.defaultConfig.tracing', message: 'only one of zipkin, datadog may be set' },
    ],
    [
      'the mesh configuration in the values',
      { values: { meshConfig: { enableTracing: 'yes' } } },
      { path: 'spec.values.meshConfig.enableTracing' },
    ],
    ['a hub with a space', { hub: 'BAD HUB/x' }, { path: 'spec.hub' }],
    ["a component's tag with a space", { components: { cni: { tag: 'a b' } } }, { path: 'spec.components.cni.tag' }],
    ['a revision with dots', { revision: 'v1.31' }, { path: 'spec.revision', hint: 'such as "v1-31"' }],
    [
      'a gateway name with capitals',
      { components: { egressGateways: [{ name: 'Bad_Name' }] } },
      { path: 'spec.components.egressGateways[0].name' },
    ],
    [
      'a broken address range',
      { values: { global: { proxy: { includeIPRanges: '1.2.3/8' } } } },
      { path: 'spec.values.global.proxy.includeIPRanges' },
    ],
    [
      '* among address ranges',
      { values: { global: { proxy: { includeIPRanges: '*,10.0.0.0/8' } } } },
      { message: 'is no address range: "*"' },
    ],
    [
      'a prefix too long',
      { values: { global: { proxy: { excludeIPRanges: '3.3.0.0/33' } } } },
      { path: 'spec.values.global.proxy.excludeIPRanges' },
    ],
    [
      'a port out of range',
      { values: { global: { proxy: { excludeInboundPorts: '1,70000' } } } },
      { message: 'is no port: "70000"' },
    ],
    [
      'a low port',
      port({ port: 80 }),
      {
        path: 'spec.components.ingressGateways[0].k8s.service.ports[0].targetPort',
        message: 'is missing, and port 80 needs root',
      },
    ],
    ['a low target port', port({ port: 8080, targetPort: 90 }), { message: '90 needs root' }],
    [
      'a low port in the old list',
      { values: { gateways: { 'istio-ingressgateway': { ingressPorts: [{ port: 80, targetPort: 90 }] } } } },
      { path: 'spec.values.gateways.istio-ingressgateway.ingressPorts[0].targetPort' },
    ],
    [
      'a toleration that Kubernetes does not know',
      { values: { pilot: { tolerations: [{ bogus: 1 }] } } },
      { path: 'spec.values.pilot.tolerations[0].bogus' },
    ],
  ])('%s', (_title, spec, expected) => {
    const problems = problemsOf(spec);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject(expected);
  });

  test('all problems are listed, not the first only', () => {
    expect(problemsOf({ hub: 1, nope: 2, revision: 'A', values: { zzz: 3 } }).map((problem) => problem.path)).toEqual([
      'spec.hub',
      'spec.nope',
      'spec.values.zzz',
      'spec.revision',
    ]);
  });

  test('a huge value makes a short message', () => {
    const [problem] = problemsOf({ values: { global: { imagePullSecrets: 'x'.repeat(100_000) } } });
    expect(problem?.message.length).toBeLessThan(120);
  });
});

describe('warnings', () => {
  test.each<[string, unknown, string]>([
    ['an unknown field of the mesh configuration', { meshConfig: { bogus: 1 } }, 'spec.meshConfig.bogus'],
    [
      'a value whose other spelling has no effect',
      { values: { global: { proxy: { log_level: 'info' } } } },
      'spec.values.global.proxy.log_level',
    ],
    [
      'a number of pods beside an autoscaler',
      { components: { pilot: { k8s: { replicaCount: 2 } } }, values: { pilot: { autoscaleEnabled: true } } },
      'spec.components.pilot.k8s.replicaCount',
    ],
    [
      'a number of gateway pods beside an autoscaler',
      {
        components: { ingressGateways: [{ name: 'a', k8s: { replicaCount: 2 } }] },
        values: { gateways: { 'istio-ingressgateway': { autoscaleEnabled: true } } },
      },
      'spec.components.ingressGateways[0].k8s.replicaCount',
    ],
  ])('%s', (_title, spec, path) => {
    const result = decodeSpec(spec);
    expect(result.ok).toBe(true);
    expect(result.warnings.map((warning) => warning.path)).toEqual([path]);
  });
});

describe('the resource around the spec', () => {
  test('status and metadata of the server are dropped', () => {
    const result = decodeIstioOperator({
      ...resource({ hub: 'example.com/istio' }),
      metadata: { name: 'a', namespace: 'b', uid: 'u', resourceVersion: '3', managedFields: [{}], labels: { l: '1' } },
      status: { status: 'HEALTHY' },
    });
    expect(result).toEqual({
      ok: true,
      warnings: [],
      value: {
        ...RESOURCE,
        metadata: { name: 'a', namespace: 'b', labels: { l: '1' } },
        spec: { hub: 'example.com/istio' },
      },
    });
  });

  test.each<[string, unknown, string]>([
    ['another kind', { ...resource({}), kind: 'Istio' }, 'kind'],
    ['another version', { ...resource({}), apiVersion: 'install.istio.io/v1alpha2' }, 'apiVersion'],
    ['a setting beside the spec', { ...resource({}), values: {} }, 'values'],
    ['a label that is a number', { ...resource({}), metadata: { labels: { a: 1 } } }, 'metadata.labels.a'],
    ['metadata that is a list', { ...resource({}), metadata: [] }, 'metadata'],
    ['no object', 'text', ''],
  ])('%s is refused', (_title, doc, path) => {
    const result = decodeIstioOperator(doc);
    expect(result.ok ? [] : result.problems.map((problem) => problem.path)).toEqual([path]);
  });
});

test('merged trees are checked below the path given', () => {
  const spec = decodeMergedSpec({ revision: 'A.b' }, 'merged');
  expect(spec.ok ? [] : spec.problems.map((problem) => problem.path)).toEqual(['merged.revision']);
  const values = decodeMergedValues({ global: { proxy: { includeIPRanges: 'x' }, hub: 1 } });
  expect(values.ok ? [] : values.problems.map((problem) => problem.path)).toEqual([
    'spec.values.global.hub',
    'spec.values.global.proxy.includeIPRanges',
  ]);
});
