import { expect, it } from 'vitest';
import { isJsonObject, type Json } from '../kube-object.ts';
import { render } from './render.ts';
import { ISTIO_VERSIONS } from '../istio/registry.ts';

/** Every `image` in a tree, also of text that holds JSON or YAML. */
function imagesIn(value: Json | undefined): string[] {
  if (Array.isArray(value)) return value.flatMap(imagesIn);
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([key, item]) =>
    key === 'image' && typeof item === 'string' ? [item] : imagesIn(item),
  );
}

/** Images of 1.31 and later are on Docker Hub only: istio.io, blog of 2026-08-21 on the retirement of the hosting at Google. */
it.each(ISTIO_VERSIONS)('every image of every profile of $minor comes from where Istio publishes it', (version) => {
  const seen = new Set<string>();
  for (const profile of Object.keys(version.profiles)) {
    const components = { egressGateways: [{ name: 'istio-egressgateway', enabled: true }], cni: { enabled: true } };
    const document = { apiVersion: 'install.istio.io/v1alpha1', kind: 'IstioOperator', spec: { profile, components } };
    const result = render({ documents: [document] }, { form: 'sailwright', istioVersion: version.minor });
    if (!result.ok) throw new Error(JSON.stringify(result.problems));
    const objects = result.value.components.flatMap((component) => component.objects);
    for (const image of imagesIn(objects as unknown as Json)) seen.add(image.replace(/-distroless$/, ''));
  }
  // Gateways are injected: their image is that of the template.
  seen.delete('auto');
  const names = ['install-cni', 'pilot', 'proxyv2', 'ztunnel'];
  expect([...seen].sort()).toEqual(names.map((name) => `docker.io/istio/${name}:${version.defaultTag}`));
});
