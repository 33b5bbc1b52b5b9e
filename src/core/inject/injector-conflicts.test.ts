import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../kube-object.ts';
import { render } from '../render/render.ts';
import { describeInjectorConflict, findInjectorConflicts } from './injector-conflicts.ts';

const configurations = (values: Record<string, string | string[]>, form: 'sailwright' | 'upstream'): KubeObject[] => {
  const document = {
    apiVersion: 'install.istio.io/v1alpha1',
    kind: 'IstioOperator',
    metadata: { name: 'istio' },
    spec: { values },
  };
  const result = render({ documents: [document] }, { form, defaults: { hub: 'docker.io/istio', tag: '1.31.4' } });
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  const objects = result.value.components.flatMap((component) => component.objects);
  return objects.filter(({ kind }) => kind === 'MutatingWebhookConfiguration');
};

const renamed = (objects: KubeObject[], name: string): KubeObject[] =>
  objects.map((object) => ({ ...object, metadata: { ...object.metadata, name: `${name}-${object.metadata.name}` } }));

const named = (ours: KubeObject[], cluster: KubeObject[]): string[] =>
  findInjectorConflicts(ours, cluster).map(({ other }) => other.configuration);

describe('findInjectorConflicts', () => {
  const ours = configurations({}, 'sailwright');

  it('names an istiod that injects the same pods', () => {
    const theirs = renamed(configurations({}, 'upstream'), 'old');
    expect(named(ours, [...ours, ...theirs])).toEqual(['old-istio-sidecar-injector']);
    const [conflict] = findInjectorConflicts(ours, theirs);
    expect(conflict && describeInjectorConflict(conflict)).toContain('old-istio-sidecar-injector');
  });

  it('does not name our own, which may be there already or may be taken over', () => {
    expect(named(ours, configurations({}, 'upstream'))).toEqual([]);
  });

  it('does not name another revision', () => {
    expect(named(ours, configurations({ revision: 'canary' }, 'upstream'))).toEqual([]);
  });

  it('names a tag that takes the pods of the plain installation', () => {
    const tagged = configurations({ revision: 'canary', revisionTags: ['default'] }, 'upstream');
    expect(named(ours, tagged)).toEqual(['istio-revision-tag-default']);
  });

  it.each<[string, Partial<Record<string, unknown>>, Record<string, string>, boolean]>([
    ['a webhook for pods of somebody else', { name: 'mutate.vault.example' }, {}, false],
    ['an old injector by its name', { name: 'sidecar-injector.istio.io' }, {}, true],
    ['an injector by its label', { name: 'any.example' }, { app: 'sidecar-injector' }, true],
    [
      'an injector by its path',
      { name: 'any.example', clientConfig: { url: 'https://x:443/inject/cluster/c' } },
      {},
      true,
    ],
    ['an injector that updates services', { name: 'x.sidecar-injector.istio.io', rules: [] }, {}, false],
    [
      'an injector for other namespaces',
      { name: 'x.sidecar-injector.istio.io', namespaceSelector: { matchLabels: { 'istio-injection': 'other' } } },
      {},
      false,
    ],
  ])('%s', (_, change, labels, expected) => {
    const rules = [{ operations: ['*'], apiGroups: ['*'], apiVersions: ['*'], resources: ['*'] }];
    const other = {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'MutatingWebhookConfiguration',
      metadata: { name: 'other', labels },
      webhooks: [{ rules, namespaceSelector: { matchLabels: { 'istio-injection': 'enabled' } }, ...change }],
    };
    expect(named(ours, [other])).toEqual(expected ? ['other'] : []);
  });
});
