import { expect, it } from 'vitest';
import { isJsonObject, type Json } from '../../kube-object.ts';
import { render } from '../../render/render.ts';
import { ISTIO_1_31 } from './index.ts';

/** Every `image` in a tree, also of text that holds JSON or YAML. */
function imagesIn(value: Json | undefined): string[] {
  if (Array.isArray(value)) return value.flatMap(imagesIn);
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([key, item]) =>
    key === 'image' && typeof item === 'string' ? [item] : imagesIn(item),
  );
}

/** Images of 1.31 are on Docker Hub only: istio.io, blog of 2026-08-21 on the retirement of the hosting at Google. */
it('every image of every profile comes from where Istio publishes it', () => {
  const defaults = { hub: ISTIO_1_31.defaultHub, tag: ISTIO_1_31.defaultTag };
  expect(defaults).toEqual({ hub: 'docker.io/istio', tag: '1.31.4' });
  const seen = new Set<string>();
  for (const profile of Object.keys(ISTIO_1_31.profiles)) {
    const components = { egressGateways: [{ name: 'istio-egressgateway', enabled: true }], cni: { enabled: true } };
    const document = { apiVersion: 'install.istio.io/v1alpha1', kind: 'IstioOperator', spec: { profile, components } };
    const result = render({ documents: [document] }, { form: 'sailwright', defaults });
    if (!result.ok) throw new Error(JSON.stringify(result.problems));
    const objects = result.value.components.flatMap((component) => component.objects);
    for (const image of imagesIn(objects as unknown as Json)) seen.add(image.replace(/-distroless$/, ''));
  }
  // Gateways are injected: their image is that of the template.
  seen.delete('auto');
  expect([...seen].sort()).toEqual(
    ['install-cni', 'pilot', 'proxyv2', 'ztunnel'].map((name) => `docker.io/istio/${name}:1.31.4`),
  );
});
