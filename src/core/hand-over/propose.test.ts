import { describe, expect, it } from 'vitest';
import { isJsonObject, type JsonObject, type KubeObject } from '../kube-object.ts';
import type { FieldsV1 } from '../plan/field-ownership.ts';
import type { Rendered } from '../render/index.ts';
import { renderUntried } from '../render/render-untried.ts';
import type { HelmRelease } from './helm-release.ts';
import { propose, type Proposal, type RenderFormer } from './propose.ts';
import { withDefaults } from './shared-webhooks.ts';
import { translateHelm } from './translate-helm.ts';
import { translateValues } from './translate-values.ts';

const renderFormer: RenderFormer = (resource) =>
  renderUntried({ documents: [{ ...resource }] }, { form: 'upstream' }).result;

function rendered(spec: JsonObject): Rendered {
  const result = renderFormer({ metadata: {}, spec });
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.value;
}

const objectsOf = (value: Rendered): KubeObject[] => value.components.flatMap(({ objects }) => objects);

/** As it is stored after an installer applied it. */
function installed(object: KubeObject, manager = 'istio-operator'): KubeObject {
  const { apiVersion: _, kind: __, ...rest } = object;
  return {
    ...object,
    metadata: { ...object.metadata, managedFields: [{ manager, operation: 'Apply', fieldsV1: treeOf(rest) }] },
  };
}

function treeOf(value: unknown): FieldsV1 {
  if (Array.isArray(value)) {
    const isKeyed = value.length > 0 && value.every((item) => isJsonObject(item) && typeof item['name'] === 'string');
    if (!isKeyed) return {};
    return Object.fromEntries(
      value.map((item: { name: string }) => [`k:${JSON.stringify({ name: item.name })}`, { '.': {}, ...treeOf(item) }]),
    );
  }
  if (!isJsonObject(value)) return {};
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [`f:${key}`, treeOf(item)]));
}

function proposed(result: ReturnType<typeof propose>): Proposal {
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.value;
}

const withoutRelease = ({ components, values, profile, revision }: JsonObject): JsonObject => ({
  profile: profile ?? null,
  ...(revision === undefined ? {} : { revision }),
  components: components ?? null,
  values: values ?? null,
});

const profileValues = (profile: string): JsonObject | undefined => {
  const values = objectsOf(rendered({ profile })).find(({ metadata }) => metadata.name === 'values');
  return values && originalOf(values);
};

const originalOf = ({ data }: KubeObject): JsonObject =>
  JSON.parse((data as Record<string, string>)['original-values'] ?? '{}') as JsonObject;

/** What is proposed for an installation that istioctl made of this spec. */
function handOver(spec: JsonObject): Proposal {
  const live = objectsOf(rendered(spec)).map((object) => installed(object));
  const values = live.find(({ metadata }) => /^values(-|$)/.test(metadata.name));
  const original = values ? originalOf(values) : {};
  return proposed(propose(translateValues(original, live, profileValues), live, renderFormer));
}

describe('an installation of istioctl', () => {
  it.each<[title: string, spec: JsonObject]>([
    ['the default profile', {}],
    ['the demo profile', { profile: 'demo' }],
    ['the minimal profile', { profile: 'minimal' }],
    ['the ambient profile', { profile: 'ambient' }],
    ['a revision', { profile: 'minimal', revision: 'canary' }],
    ['values', { values: { pilot: { env: { A: 'b' }, autoscaleMin: 2 }, global: { proxy: { logLevel: 'info' } } } }],
    ['a mesh configuration', { meshConfig: { accessLogFile: '/dev/stdout' } }],
    [
      'settings of Kubernetes',
      { components: { pilot: { k8s: { nodeSelector: { disk: 'ssd' }, env: [{ name: 'X', value: 'y' }] } } } },
    ],
    [
      'gateways of its own',
      {
        components: {
          ingressGateways: [
            { name: 'edge', namespace: 'edge', enabled: true, label: { app: 'edge', istio: 'edge' } },
            {
              name: 'istio-ingressgateway',
              enabled: true,
              k8s: { service: { type: 'NodePort', ports: [{ name: 'tls', port: 443, targetPort: 8443 }] } },
            },
          ],
        },
      },
    ],
    [
      'overlays',
      {
        components: {
          pilot: {
            k8s: {
              overlays: [
                {
                  kind: 'Deployment',
                  name: 'istiod',
                  patches: [{ path: 'spec.template.spec.containers.[name:discovery].args.[0]', value: 'other' }],
                },
              ],
            },
          },
        },
      },
    ],
  ])('with %s is rendered again as it is', (_, spec) => {
    const { resource, notes } = handOver(spec);
    expect(notes).toEqual([]);
    const before = new Map(
      objectsOf(rendered(spec)).map((object) => [`${object.kind} ${object.metadata.name}`, object]),
    );
    const again = renderFormer(resource);
    const after = again.ok ? objectsOf(again.value) : [];
    expect(after.map(({ kind, metadata }) => `${kind} ${metadata.name}`).sort()).toEqual([...before.keys()].sort());
    for (const object of after.filter(
      ({ kind }) => kind === 'Deployment' || kind === 'DaemonSet' || kind === 'Service',
    )) {
      expect(object['spec'], object.metadata.name).toEqual(
        before.get(`${object.kind} ${object.metadata.name}`)?.['spec'],
      );
    }
  });

  it('needs nothing but its profile and its images where the user set nothing', () => {
    const { resource } = handOver({});
    expect(withoutRelease(resource.spec)).toEqual({
      profile: 'default',
      components: {
        cni: { enabled: false },
        ztunnel: { enabled: false },
        ingressGateways: [{ name: 'istio-ingressgateway', namespace: 'istio-system', enabled: true }],
        egressGateways: [],
      },
      values: {},
    });
    expect(resource.spec['tag']).toMatch(/^1\.31\./);
    expect(resource.metadata.annotations).toEqual({ 'sailwright.dev/istio-version': '1.31' });
  });

  it('keeps labels and annotations of the user, and none by which another writer finds its objects', () => {
    const live = objectsOf(rendered({})).map((object) => {
      if (object.kind !== 'Service' || object.metadata.name !== 'istiod') return installed(object);
      const labels = { ...object.metadata.labels, team: 'x', 'helm.toolkit.fluxcd.io/name': 'y' };
      const annotations = { 'argocd.argoproj.io/tracking-id': 'a', 'meta.helm.sh/release-name': 'b', note: 'c' };
      return installed({ ...object, metadata: { ...object.metadata, labels, annotations } });
    });
    const values = live.find(({ metadata }) => metadata.name === 'values');
    const translation = translateValues(values ? originalOf(values) : {}, live, profileValues);
    const { resource } = proposed(propose(translation, live, renderFormer));
    const { pilot } = resource.spec['components'] as { pilot: { k8s: { overlays: unknown } } };
    expect(pilot.k8s.overlays).toEqual([
      {
        kind: 'Service',
        name: 'istiod',
        patches: [
          { path: 'metadata.labels.team', value: 'x' },
          { path: 'metadata.annotations.note', value: 'c' },
        ],
      },
    ]);
  });

  it('loses what no overlay can keep, by name', () => {
    const live = objectsOf(rendered({})).map((object) => installed(object));
    const mesh = live.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === 'istio');
    if (mesh) mesh['data'] = { mesh: 'accessLogFile: /tmp/log', meshNetworks: '' };
    const { notes } = proposed(propose({ spec: {}, notes: ['before'] }, live, renderFormer));
    expect(notes[0]).toBe('before');
    expect(notes[1]).toMatch(/^ConfigMap istio-system\/istio data\.mesh: /);
  });
});

const release = (chart: string, values: JsonObject = {}, place: Partial<HelmRelease> = {}): HelmRelease => ({
  name: chart,
  namespace: 'istio-system',
  version: 1,
  status: 'deployed',
  chart: { name: chart, version: '1.31.4' },
  values,
  secret: { apiVersion: 'v1', kind: 'Secret', name: `sh.helm.release.v1.${chart}.v1`, namespace: 'istio-system' },
  ...place,
});

describe('releases of Helm', () => {
  it('become one resource, each value where it belongs', () => {
    const { spec, notes } = translateHelm([
      release('base', { defaultRevision: 'x' }),
      release('istiod', {
        pilot: { env: { A: 'b' } },
        autoscaleMin: 3,
        meshConfig: { accessLogFile: '/a' },
        global: { hub: 'h' },
      }),
      release(
        'cni',
        { chained: false, cni: { cniBinDir: '/b' }, global: { hub: 'other' } },
        { namespace: 'kube-system' },
      ),
      release('ztunnel', { terminationGracePeriodSeconds: 5, platform: 'gke' }),
    ]);
    expect(spec).toEqual({
      profile: 'minimal',
      components: {
        base: { enabled: true },
        pilot: { enabled: true },
        cni: { enabled: true, namespace: 'kube-system' },
        ztunnel: { enabled: true },
      },
      values: {
        defaultRevision: 'x',
        pilot: { env: { A: 'b' }, autoscaleMin: 3 },
        meshConfig: { accessLogFile: '/a' },
        global: { hub: 'h', platform: 'gke' },
        cni: { chained: false, cniBinDir: '/b' },
        ztunnel: { terminationGracePeriodSeconds: 5 },
      },
    });
    expect(notes).toEqual(['values.global.hub: releases differ; that of istio-system/istiod is taken']);
  });

  it('keep their namespace and the default revision of the base chart', () => {
    const { spec } = translateHelm([
      release('base', {}, { namespace: 'mesh' }),
      release('istiod', {}, { namespace: 'mesh' }),
    ]);
    expect(spec['values']).toEqual({ defaultRevision: 'default', global: { istioNamespace: 'mesh' } });
  });

  it('of gateways become gateways of the same name, namespace and selector', () => {
    const { spec, notes } = translateHelm([
      release(
        'gateway',
        { autoscaling: { enabled: false }, replicaCount: 3 },
        { name: 'istio-edge', namespace: 'edge' },
      ),
      release('gateway', { name: 'inner', labels: { app: 'a', istio: 'b' } }),
    ]);
    expect((spec['components'] as JsonObject)['ingressGateways']).toEqual([
      {
        name: 'istio-edge',
        namespace: 'edge',
        enabled: true,
        label: { app: 'istio-edge', istio: 'edge' },
        k8s: { replicaCount: 3 },
      },
      { name: 'inner', namespace: 'istio-system', enabled: true, label: { app: 'a', istio: 'b' } },
    ]);
    expect(notes).toEqual([expect.stringContaining('autoscaling.enabled: gateways differ')]);
  });

  it('keep the pods of a gateway as its chart made them', () => {
    const labels = { app: 'edge', istio: 'edge', 'sidecar.istio.io/inject': 'true', 'helm.sh/chart': 'gateway-1.31.4' };
    const template = {
      metadata: { labels, annotations: { 'inject.istio.io/templates': 'gateway', 'prometheus.io/port': '15020' } },
      spec: {
        serviceAccountName: 'edge',
        securityContext: { sysctls: [{ name: 'net.ipv4.ip_unprivileged_port_start', value: '0' }] },
        containers: [{ name: 'istio-proxy', image: 'auto', ports: [{ name: 'metrics', containerPort: 15090 }] }],
        terminationGracePeriodSeconds: 30,
      },
    };
    const selector = { matchLabels: { app: 'edge', istio: 'edge' } };
    const metadata = { name: 'edge', namespace: 'edge', labels: { team: 'x' } };
    const live = { ...template, spec: { ...template.spec, serviceAccount: 'edge' } };
    const deployment = installed(
      { apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec: { selector, template: live } },
      'helm',
    );
    const translation = translateHelm([release('gateway', {}, { name: 'edge', namespace: 'edge' })]);
    const { resource, notes } = proposed(propose(translation, [deployment], renderFormer));
    expect(notes).toEqual([]);
    const again = renderFormer(resource);
    const found = again.ok ? objectsOf(again.value).find(({ kind }) => kind === 'Deployment') : undefined;
    const { template: after } = found?.['spec'] as { template: typeof template };
    expect(found?.metadata.labels).toMatchObject({ team: 'x' });
    expect(after.spec).toEqual(template.spec);
    const told = Object.entries(after.metadata.labels).filter(([name]) => !/^(app\.kubernetes|helm)\./.test(name));
    expect(Object.fromEntries(told)).toEqual({ app: 'edge', istio: 'edge', 'sidecar.istio.io/inject': 'true' });
    expect(after.metadata.annotations).toEqual(template.metadata.annotations);
  });
});

describe('what istioctl makes beside the charts', () => {
  const webhooks = (kind: string, name: string, labels: Record<string, string>): KubeObject => ({
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind,
    metadata: { name, labels },
  });
  const tag = (name: string, revision: string): KubeObject =>
    webhooks('MutatingWebhookConfiguration', `istio-revision-tag-${name}`, {
      'istio.io/tag': name,
      'istio.io/rev': revision,
    });
  const validator = webhooks('ValidatingWebhookConfiguration', 'istiod-default-validator', {
    'istio.io/rev': 'canary',
  });

  it.each<[title: string, objects: KubeObject[], values: JsonObject]>([
    ['nothing', [], {}],
    ['the tag default where there is no revision, which needs no setting', [tag('default', 'default')], {}],
    ['tags', [tag('prod', 'canary'), tag('default', 'canary')], { revisionTags: ['default', 'prod'] }],
    ['the validation of what names no revision', [validator], { defaultRevision: 'canary' }],
  ])('becomes values: %s', (_title, objects, values) => {
    expect(withDefaults({}, objects)).toEqual(values);
  });
});
