import { expect, it } from 'vitest';
import type { KubeObject } from '../kube-object.ts';
import { DEFAULT_PROFILE } from '../render/render-injection.ts';
import type { RenderOptions, Rendered } from '../render/index.ts';
import { render } from '../render/render.ts';
import { planLeaving, withBundle } from './leave.ts';

function rendered(options: Partial<RenderOptions> = {}, spec = DEFAULT_PROFILE['spec']): Rendered {
  const result = render({ documents: [{ ...DEFAULT_PROFILE, spec: spec ?? {} }] }, { form: 'sailwright', ...options });
  if (!result.ok) throw new Error('it is not rendered');
  return result.value;
}

const BY_ISTIOD: Partial<RenderOptions> = { webhookEndpoint: { answeredBy: 'istiod' } };
const names = (objects: readonly KubeObject[]): string[] =>
  objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`);

it('changes what istiod needs, then istiod, then the webhooks, and nothing else', () => {
  expect(names(planLeaving(rendered(), rendered(BY_ISTIOD)))).toEqual([
    'ConfigMap istio-sidecar-injector',
    'ClusterRole istiod-clusterrole-istio-system',
    'Deployment istiod',
    'MutatingWebhookConfiguration istio-sidecar-injector',
    'ValidatingWebhookConfiguration istio-validator-istio-system',
  ]);
});

it('changes webhooks of tags too', () => {
  const spec = { revision: 'canary', values: { revisionTags: ['prod'] } };
  const changed = names(planLeaving(rendered({}, spec), rendered(BY_ISTIOD, spec)));
  expect(changed).toContain('MutatingWebhookConfiguration istio-revision-tag-prod');
});

it('leaves as it is what the user gave to istiod or to a URL before', () => {
  const spec = {
    values: {
      istiodRemote: { injectionURL: 'https://injector.example' },
      base: { validationURL: 'https://validator.example' },
      pilot: { env: { INJECTION_WEBHOOK_CONFIG_NAME: 'x', VALIDATION_WEBHOOK_CONFIG_NAME: 'y' } },
    },
  };
  const changed = names(planLeaving(rendered({}, spec), rendered(BY_ISTIOD, spec)));
  expect(changed).not.toContain('Deployment istiod');
  expect(changed).not.toContain('ClusterRole istiod-clusterrole-istio-system');
});

it('gives each webhook the certificate that it lacks', () => {
  const configuration: KubeObject = {
    apiVersion: 'v1',
    kind: 'MutatingWebhookConfiguration',
    metadata: { name: 'a' },
    webhooks: [{ clientConfig: { url: 'u' } }, { clientConfig: { url: 'u', caBundle: 'own' } }],
  };
  expect(withBundle(configuration, 'root')['webhooks']).toEqual([
    { clientConfig: { url: 'u', caBundle: 'root' } },
    { clientConfig: { url: 'u', caBundle: 'own' } },
  ]);
});
