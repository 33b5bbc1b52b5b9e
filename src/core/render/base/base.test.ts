import { expect, it } from 'vitest';
import { DEFAULT_VERSION } from '../../istio/registry.ts';
import { toManifestText } from '../manifest-text.ts';
import { renderBase } from './index.ts';
import type { Form } from '../../components.ts';
import type { JsonObject, KubeObject } from '../../kube-object.ts';

function render(values: JsonObject, global: JsonObject = {}, form: Form = 'upstream'): KubeObject[] {
  return renderBase({
    component: 'Base',
    form,
    traits: DEFAULT_VERSION.traits,
    chartVersion: '1.0.0',
    namespace: 'istio-system',
    values: {
      defaultRevision: '',
      base: { enableCRDTemplates: true, excludedCRDs: [] },
      ...values,
      global: { istioNamespace: 'istio-system', resourceScope: 'all', ...global },
    },
    originalValues: {},
    kubeMinor: 33,
    kubeVersion: 'v1.33.0',
  });
}

const names = (objects: KubeObject[], kind: string): string[] =>
  objects.filter((object) => object.kind === kind).map((object) => object.metadata.name);

it.each<[string, JsonObject, JsonObject, boolean]>([
  ['by default', {}, {}, true],
  ['not when switched off', {}, { enableReaderRBAC: false }, false],
  ['not when the user has an account', {}, { readerServiceAccount: { name: 'own' } }, false],
  ['not in scope cluster', {}, { resourceScope: 'cluster' }, false],
])('reader account: %s', (_, values, global, present) => {
  expect(names(render(values, global), 'ServiceAccount')).toEqual(present ? ['istio-reader-service-account'] : []);
});

it('validates for the default revision when there is one', () => {
  expect(names(render({}), 'ValidatingWebhookConfiguration')).toEqual([]);
  const [webhook] = render({ defaultRevision: 'r1' }).filter(
    (object) => object.kind === 'ValidatingWebhookConfiguration',
  );
  expect(webhook?.webhooks).toMatchObject([
    { failurePolicy: 'Ignore', clientConfig: { service: { name: 'istiod-r1' } } },
  ]);
});

it('excludes definitions by name, and labels the others', () => {
  const all = render({}).filter((object) => object.kind === 'CustomResourceDefinition');
  const excluded = all[0]?.metadata.name ?? 'none';
  const rest = render({ base: { enableCRDTemplates: true, excludedCRDs: [excluded] } });
  expect(names(rest, 'CustomResourceDefinition')).toEqual(all.slice(1).map((object) => object.metadata.name));
  for (const definition of all) expect(definition.metadata.labels).toMatchObject({ 'helm.sh/chart': 'base-1.0.0' });
});

it('has text for each schema that is what would be written of it', () => {
  const all = render({});
  expect(toManifestText(all)).toBe(toManifestText(structuredClone(all)));
});
