import { describe, expect, it } from 'vitest';
import type { Json, JsonObject, KubeObject } from '../kube-object.ts';
import { formatProblem } from '../problem.ts';
import type { Form } from '../components.ts';
import { render } from './render.ts';

const DEFAULTS = { hub: 'example.com/istio', tag: '1.31.4' };

function renderSpec(spec: JsonObject, form: Form = 'sailwright'): { objects: KubeObject[]; warnings: string[] } {
  const result = render({ documents: [{ spec }] }, { form, defaults: DEFAULTS });
  if (!result.ok) throw new Error(result.problems.map(formatProblem).join('\n'));
  const objects = result.value.components.flatMap((component) => component.objects);
  return { objects, warnings: result.warnings.map(({ path }) => path) };
}

function find(spec: JsonObject, kind: string, name: string, form?: Form): KubeObject | undefined {
  return renderSpec(spec, form).objects.find((object) => object.kind === kind && object.metadata.name === name);
}

interface Workload {
  template: { spec: { containers: { env: { name: string; value?: string }[]; ports: JsonObject[] }[] } };
  [field: string]: unknown;
}

function workload(spec: JsonObject, kind: string, name: string, form?: Form): Workload | undefined {
  return find(spec, kind, name, form)?.['spec'] as Workload | undefined;
}

const pilot = (k8s: JsonObject, values: JsonObject = {}): JsonObject => ({ components: { pilot: { k8s } }, values });
const FEW_REPLICAS = { pilot: { autoscaleEnabled: false, replicaCount: 1 } };

describe('a podDisruptionBudget where the chart renders none', () => {
  const spec = pilot({ podDisruptionBudget: { maxUnavailable: 1 } }, FEW_REPLICAS);

  it('is rendered for the pods of the Deployment', () => {
    const budget = find(spec, 'PodDisruptionBudget', 'istiod');
    const deployment = find(spec, 'Deployment', 'istiod');
    expect(budget).toMatchObject({
      apiVersion: 'policy/v1',
      metadata: { namespace: 'istio-system', labels: deployment?.metadata.labels },
      spec: { maxUnavailable: 1, selector: { matchLabels: { istio: 'pilot' } } },
    });
    expect(renderSpec(spec).warnings).toEqual([]);
  });

  it('is passed over in upstream form', () => {
    expect(find(spec, 'PodDisruptionBudget', 'istiod', 'upstream')).toBeUndefined();
  });
});

describe('a setting that can have no effect', () => {
  it.each<[string, JsonObject, string]>([
    [
      'an autoscaler that is off',
      pilot({ hpaSpec: { maxReplicas: 9 } }, FEW_REPLICAS),
      'spec.components.pilot.k8s.hpaSpec',
    ],
    [
      'the Service of a gateway that brings its own',
      {
        components: { ingressGateways: [{ name: 'gw', k8s: { serviceAnnotations: { a: 'b' } } }] },
        values: { gateways: { 'istio-ingressgateway': { customService: true } } },
      },
      'spec.components.ingressGateways[0].k8s.serviceAnnotations',
    ],
    [
      'replicas of a DaemonSet',
      { components: { cni: { enabled: true, k8s: { replicaCount: 3 } } } },
      'spec.components.cni.k8s.replicaCount',
    ],
    [
      'a component without a workload',
      { components: { base: { k8s: { env: [{ name: 'A', value: 'b' }] } } } },
      'spec.components.base.k8s.env',
    ],
  ])('%s: a warning names it', (_what, spec, path) => {
    expect(renderSpec(spec).warnings).toEqual([path]);
    expect(renderSpec(spec, 'upstream').warnings).toEqual([]);
  });

  it('is not told of settings that have one', () => {
    const k8s = { hpaSpec: { maxReplicas: 9 }, resources: { requests: { cpu: '1' } }, service: { type: 'NodePort' } };
    expect(renderSpec(pilot(k8s)).warnings).toEqual([]);
  });
});

it('the strategy of a DaemonSet is its update strategy', () => {
  const strategy = { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 3 } };
  const spec = { components: { cni: { enabled: true, k8s: { strategy } } } };
  const ours = workload(spec, 'DaemonSet', 'istio-cni-node');
  expect(ours).toMatchObject({ updateStrategy: strategy });
  expect(ours).not.toHaveProperty('strategy');
  expect(workload(spec, 'DaemonSet', 'istio-cni-node', 'upstream')).toHaveProperty('strategy');
});

describe('the text of an overlay', () => {
  const overlay = (kind: string, path: string, value: Json): JsonObject =>
    pilot({ overlays: [{ kind, name: kind === 'ConfigMap' ? 'istio' : 'istiod', patches: [{ path, value }] }] });

  it.each<[string, string, string, string]>([
    ['an annotation', 'Deployment', 'metadata.annotations.note', 'key: value'],
    ['an argument', 'Deployment', 'spec.template.spec.containers.[name:discovery].args.[-1]', 'key: value'],
    ['data of a ConfigMap', 'ConfigMap', 'data.meshNetworks', 'networks:\n  n1: {}\n'],
    ['a variable', 'Deployment', 'spec.template.spec.containers.[name:discovery].env.[name:KUBECONFIG].value', 'a: b'],
  ])('stays text in %s', (_where, kind, path, value) => {
    const name = kind === 'ConfigMap' ? 'istio' : 'istiod';
    expect(JSON.stringify(find(overlay(kind, path, value), kind, name))).toContain(JSON.stringify(value));
    expect(JSON.stringify(find(overlay(kind, path, value), kind, name, 'upstream'))).not.toContain(
      JSON.stringify(value),
    );
  });

  it('becomes a map where a map can stand', () => {
    const spec = overlay('Deployment', 'spec.template.spec.nodeSelector', 'disk: ssd');
    expect(workload(spec, 'Deployment', 'istiod')?.template.spec).toMatchObject({ nodeSelector: { disk: 'ssd' } });
  });
});

describe('a variable that user and chart both set', () => {
  it.each<[string, JsonObject, string, string, string]>([
    ['istiod', { pilot: { env: { CLUSTER_ID: 'mine' } } }, 'Deployment', 'istiod', 'CLUSTER_ID'],
    [
      'a gateway',
      { gateways: { 'istio-ingressgateway': { env: { ISTIO_META_CLUSTER_ID: 'mine' } } } },
      'Deployment',
      'istio-ingressgateway',
      'ISTIO_META_CLUSTER_ID',
    ],
  ])('of %s stands once, with the value of the user', (_what, values, kind, name, variable) => {
    const found = (form: Form): unknown[] =>
      (workload({ values }, kind, name, form)?.template.spec.containers[0]?.env ?? [])
        .filter((env) => env.name === variable)
        .map(({ value }) => value);
    expect(found('sailwright')).toEqual(['mine']);
    expect(found('upstream')).toHaveLength(2);
  });
});

it('a variable without a name is refused, not lost', () => {
  const spec = pilot({ env: [{ name: null, value: 'a' }] });
  const result = render({ documents: [{ spec }] }, { form: 'sailwright', defaults: DEFAULTS });
  expect(result.ok ? [] : result.problems.map(({ path }) => path)).toEqual(['spec.components.pilot.k8s.env']);
});

it('a named target port is no port of the pod', () => {
  const ports = [{ name: 'metrics', port: 2000, targetPort: 'http-envoy-prom' }];
  const spec = { components: { ingressGateways: [{ name: 'gw', k8s: { service: { ports } } }] } };
  const numbers = (form: Form): unknown =>
    workload(spec, 'Deployment', 'gw', form)?.template.spec.containers[0]?.ports.map((port) => port['containerPort']);
  expect(numbers('sailwright')).toEqual([15090]);
  expect(numbers('upstream')).toEqual(['http-envoy-prom', 15090]);
});

it('istiod may write webhook configurations only when it is given their names', () => {
  const verbs = (spec: JsonObject, form?: Form): unknown => {
    const role = find(spec, 'ClusterRole', 'istiod-clusterrole-istio-system', form);
    const rules = role?.['rules'] as { resources: string[]; verbs: string[] }[];
    return rules.find(({ resources }) => resources.includes('mutatingwebhookconfigurations'))?.verbs;
  };
  expect(verbs({})).toEqual(['get', 'list', 'watch']);
  expect(verbs({}, 'upstream')).toContain('patch');
  expect(verbs({ values: { pilot: { env: { INJECTION_WEBHOOK_CONFIG_NAME: 'x' } } } })).toContain('patch');
});

describe('null', () => {
  it('means "not set" for a whole section', () => {
    const spec = { values: null, hub: null, revision: null, components: { pilot: null } };
    expect(find(spec, 'Deployment', 'istiod')).toEqual(find({}, 'Deployment', 'istiod'));
  });

  it('becomes text in upstream form, as Go prints it', () => {
    expect(find({ revision: null }, 'ServiceAccount', 'istiod-<nil>', 'upstream')).toBeDefined();
  });
});

it('a gateway whose name has a dot is refused, because its Service cannot have one', () => {
  const spec = { components: { ingressGateways: [{ name: 'gw.v1' }] } };
  const result = render({ documents: [{ spec }] }, { form: 'sailwright', defaults: DEFAULTS });
  expect(result.ok ? [] : result.problems.map(({ path }) => path)).toEqual(['spec.components.ingressGateways[0].name']);
});

it('changes the schema of one version of a definition, where an overlay names one', () => {
  const name = 'virtualservices.networking.istio.io';
  const path = 'spec.versions.[name:v1].schema.openAPIV3Schema.description';
  const overlays = [{ kind: 'CustomResourceDefinition', name, patches: [{ path, value: 'Ours.' }] }];
  const definition = find({ components: { base: { k8s: { overlays } } } }, 'CustomResourceDefinition', name);
  const { versions } = definition?.['spec'] as {
    versions: { name: string; schema: { openAPIV3Schema: { description?: string } } }[];
  };
  const changed = versions.filter(({ schema }) => schema.openAPIV3Schema.description === 'Ours.');
  expect(versions.length).toBeGreaterThan(1);
  expect(changed.map((version) => version.name)).toEqual(['v1']);
  // Istio's own are as they were.
  expect(JSON.stringify(find({}, 'CustomResourceDefinition', name))).not.toContain('Ours.');
});
