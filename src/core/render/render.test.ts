import { describe, expect, it } from 'vitest';
import { formatProblem } from '../problem.ts';
import { render } from './render.ts';
import { inApplyOrder } from './order.ts';
import { toManifestText } from './manifest-text.ts';
import type { Form } from '../components.ts';
import type { JsonObject, KubeObject } from '../kube-object.ts';

const DEFAULTS = { hub: 'example.com/istio', tag: '1.31.4' };

function objectsOf(spec: JsonObject, form: Form = 'sailwright'): KubeObject[] {
  const result = render({ documents: [{ spec }] }, { form, defaults: DEFAULTS });
  if (!result.ok) throw new Error(result.problems.map(formatProblem).join('\n'));
  return result.value.components.flatMap(({ objects }) => objects);
}

function problemsOf(spec: JsonObject, form: Form = 'sailwright'): string[] {
  const result = render({ documents: [{ spec }] }, { form, defaults: DEFAULTS });
  return result.ok ? [] : result.problems.map(({ path }) => path);
}

const named = (objects: KubeObject[], kind: string, name: string): KubeObject | undefined =>
  objects.find((object) => object.kind === kind && object.metadata.name === name);

const overlay = (name: string, path: string): JsonObject => ({
  components: { pilot: { k8s: { overlays: [{ kind: 'Deployment', name, patches: [{ path, value: 'x' }] }] } } },
});

describe('where our form differs from upstream', () => {
  it.each<[string, JsonObject, string[], string[]]>([
    ['a revision of digits stays text', { revision: '131' }, ['spec.values.revision'], []],
    [
      'two gateways of one name',
      { components: { ingressGateways: [{ name: 'a' }, { name: 'a' }] } },
      [],
      ['spec.components.ingressGateways[1].name'],
    ],
    [
      'a gateway without a name',
      { components: { ingressGateways: [{}] } },
      [],
      ['spec.components.ingressGateways[0].name'],
    ],
    ['an overlay for no object', overlay('nope', 'spec.x'), [], ['spec.components.pilot.k8s.overlays[0]']],
    [
      'a namespace that contradicts',
      { namespace: 'a', values: { global: { istioNamespace: 'b' } } },
      [],
      ['spec.namespace'],
    ],
  ])('%s', (_, spec, upstream, ours) => {
    expect(problemsOf(spec, 'upstream')).toEqual(upstream);
    expect(problemsOf(spec)).toEqual(ours);
  });

  it('spec.namespace takes effect', () => {
    expect(named(objectsOf({ namespace: 'mesh' }), 'Deployment', 'istiod')?.metadata.namespace).toBe('mesh');
    expect(named(objectsOf({ namespace: 'mesh' }, 'upstream'), 'Deployment', 'istiod')?.metadata.namespace).toBe(
      'istio-system',
    );
  });
});

describe('the tag "default"', () => {
  const names = (spec: JsonObject, form?: Form): string[] =>
    objectsOf(spec, form)
      .filter(({ kind }) => kind === 'MutatingWebhookConfiguration')
      .map(({ metadata }) => metadata.name);
  const tagged = { values: { revisionTags: ['default', 'prod'] } };

  it('is rendered for a revision', () => {
    expect(names({ ...tagged, revision: 'canary' })).toContain('istio-revision-tag-default');
  });

  it('is left out without one, where it would inject every pod twice', () => {
    expect(names(tagged).sort()).toEqual(['istio-revision-tag-prod', 'istio-sidecar-injector']);
    expect(names(tagged, 'upstream')).toContain('istio-revision-tag-default');
    const result = render({ documents: [{ spec: tagged }] }, { form: 'sailwright', defaults: DEFAULTS });
    expect(result.warnings.map(({ path }) => path)).toEqual(['spec.values.revisionTags[0]']);
  });
});

describe('precedence', () => {
  it.each<[string, JsonObject, string]>([
    ['values.global.hub over spec.hub', { hub: 'a', values: { global: { hub: 'b' } } }, 'b/pilot:1.31.4'],
    [
      'the component over both',
      { hub: 'a', components: { pilot: { hub: 'c' } }, values: { global: { hub: 'b' } } },
      'c/pilot:1.31.4',
    ],
    ['spec.tag over the default', { tag: 'x' }, 'example.com/istio/pilot:x'],
  ])('%s', (_, spec, image) => {
    expect(JSON.stringify(named(objectsOf(spec), 'Deployment', 'istiod'))).toContain(`"image":"${image}"`);
  });

  it('spec.meshConfig over values.meshConfig', () => {
    const spec = { meshConfig: { accessLogFile: '/a' }, values: { meshConfig: { accessLogFile: '/b' } } };
    expect(JSON.stringify(named(objectsOf(spec), 'ConfigMap', 'istio'))).toContain('accessLogFile: /a');
  });
});

describe('render', () => {
  it('gives the same text for any order of keys and leaves its input alone', () => {
    const spec: JsonObject = {
      profile: 'demo',
      values: { pilot: { env: { B: 'b', A: 'a' } }, global: { meshID: 'm' } },
    };
    const turned: JsonObject = {
      values: { global: { meshID: 'm' }, pilot: { env: { A: 'a', B: 'b' } } },
      profile: 'demo',
    };
    const before = JSON.stringify(spec);
    const text = (input: JsonObject): string => toManifestText(inApplyOrder(objectsOf(input)));
    expect(text(spec)).toBe(text(turned));
    expect(JSON.stringify(spec)).toBe(before);
  });

  it('names one mistake once, where the user made it', () => {
    expect(problemsOf({ hub: 5, meshConfig: { accessLogFile: 3 } }).sort()).toEqual([
      'spec.hub',
      'spec.meshConfig.accessLogFile',
    ]);
  });

  it('refuses gateway classes that are no maps', () => {
    expect(problemsOf({ values: { gatewayClasses: true } })).toEqual(['spec.values.gatewayClasses']);
    expect(problemsOf({ values: { gatewayClasses: { istio: 'x' } } })).toEqual(['spec.values.gatewayClasses.istio']);
    expect(problemsOf({ values: { gatewayClasses: { istio: null } } })).toEqual([]);
  });

  it('refuses values of a component that are no map', () => {
    const spec = { components: { ztunnel: { enabled: true, tag: 'x' } }, values: { ztunnel: ['x'] } };
    expect(problemsOf(spec)).toEqual(['spec.values.ztunnel']);
  });

  it('refuses unknown presets', () => {
    expect(problemsOf({ profile: 'nope' })).toEqual(['spec.profile']);
    expect(problemsOf({ values: { global: { platform: 'nope' } } })).toContain('spec.values.global.platform');
    expect(problemsOf({ compatibilityVersion: '1.2' })).toContain('spec.compatibilityVersion');
  });
});
