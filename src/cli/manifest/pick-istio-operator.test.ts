import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../core/kube-object.ts';
import { pickIstioOperator, type FileNotes } from './pick-istio-operator.ts';

const operator = (name: string): JsonObject => ({ kind: 'IstioOperator', metadata: { name } });
const namespace: JsonObject = { kind: 'Namespace', metadata: { name: 'istio-system' } };

function pick(...documents: JsonObject[]): FileNotes & { picked: JsonObject[] } {
  const notes: FileNotes = { warnings: [], problems: [] };
  return { picked: pickIstioOperator('a.yaml', documents, notes), ...notes };
}

describe('the IstioOperator of a file', () => {
  it('may stand beside its Namespace, which is told of', () => {
    const { picked, warnings, problems } = pick(namespace, operator('a'));
    expect(picked).toEqual([operator('a')]);
    expect(warnings.join()).toMatch(/a\.yaml: .*Namespace istio-system/);
    expect(problems).toEqual([]);
  });

  it.each([
    ['two of them', [operator('a'), operator('b')], /2 IstioOperators: put each into a file of its own/],
    ['none of them', [namespace, namespace], /no IstioOperator: one is needed/],
  ])('%s are a problem', (_what, documents, expected) => {
    const { picked, problems } = pick(...documents);
    expect(picked).toEqual([]);
    expect(problems.join()).toMatch(expected);
  });

  it('is rendered first where it is a template', () => {
    const document = {
      apiVersion: 'install.istio.io/v1alpha1',
      ...operator('a'),
      spec: { hub: '${HUB}', values: { sidecarInjectorWebhook: { templates: { own: '{{ .Spec }}' } } } },
    };
    const { picked, problems } = pick(namespace, document);
    expect(picked).toEqual([]);
    expect(problems).toEqual([
      expect.stringMatching(/^a\.yaml: spec\.hub holds a placeholder \(\$\{HUB\}\): render it/),
    ]);
  });

  it.each<[what: string, beside: JsonObject[], named: RegExp]>([
    ['its Secret', [{ kind: 'Secret', metadata: { name: 'cacerts' } }], /Secret cacerts/],
    ['its ServiceAccount', [{ kind: 'ServiceAccount', metadata: { name: 'a' } }], /ServiceAccount a/],
    [
      'a PeerAuthentication',
      [{ kind: 'PeerAuthentication', metadata: { name: 'default' } }],
      /PeerAuthentication default/,
    ],
    ['a Gateway', [{ kind: 'Gateway', metadata: { name: 'public' } }], /Gateway public/],
    ['a Kustomization', [{ kind: 'Kustomization' }], /Kustomization without a name/],
    ['what has no kind', [{ metadata: { name: 'a' } }], /an object a/],
    ['a name that is no text', [{ kind: 'Namespace', metadata: { name: 5 } }], /Namespace without a name/],
    [
      'several objects',
      [namespace, { kind: 'Secret', metadata: { name: 'cacerts' } }],
      /Namespace istio-system, Secret cacerts/,
    ],
  ])('may stand beside %s', (_what, beside, named) => {
    const { picked, warnings, problems } = pick(...beside, operator('a'));
    expect([picked, problems]).toEqual([[operator('a')], []]);
    expect(warnings.join()).toMatch(named);
  });

  it('is the only document, whatever its kind: decoding tells what is wrong', () => {
    expect(pick(namespace).picked).toEqual([namespace]);
  });
});
