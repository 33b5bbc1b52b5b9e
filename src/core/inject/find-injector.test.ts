import { describe, expect, it } from 'vitest';
import type { JsonObject, KubeObject } from '../kube-object.ts';
import { render } from '../render/render.ts';
import { findAutoPod, findInjector } from './find-injector.ts';
import { injectionWebhooksOf } from './injection-webhooks.ts';
import type { Pod } from './template-context.ts';

function objectsOf(spec: JsonObject): KubeObject[] {
  const document = { metadata: { name: 'a', namespace: 'istio-system' }, spec };
  const result = render({ documents: [document] }, { form: 'sailwright', defaults: { hub: 'h', tag: '1.31.4' } });
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.value.components.flatMap(({ objects }) => objects);
}

/** The webhooks of control planes; a number of the array is one IstioOperator. */
const webhooksOf = (...specs: JsonObject[]): ReturnType<typeof injectionWebhooksOf> =>
  specs
    .flatMap(objectsOf)
    .filter(({ kind }) => kind === 'MutatingWebhookConfiguration')
    .flatMap(injectionWebhooksOf);

/** The pods of a gateway that is filled in. */
function gatewayPod(spec: JsonObject = {}): Pod {
  const [pod] = objectsOf({
    profile: 'empty',
    components: { ingressGateways: [{ name: 'gate', namespace: 'edge', enabled: true }] },
    values: { gateways: { 'istio-ingressgateway': { injectionTemplate: 'gateway' } } },
    ...spec,
  }).flatMap((object) => findAutoPod(object) ?? []);
  if (!pod) throw new Error('the gateway needs no injector');
  return pod;
}

const canary = { revision: 'canary' };
const tagged = { ...canary, values: { revisionTags: ['prod'] } };

describe('a gateway with the image "auto"', () => {
  it.each<[what: string, pod: Pod, labels: Record<string, string>, controlPlanes: JsonObject[], configuration: string]>(
    [
      ['by the control plane without a name', gatewayPod(), {}, [{}], 'istio-sidecar-injector'],
      ['by its revision', gatewayPod(canary), {}, [{}, canary], 'istio-sidecar-injector-canary'],
      ['by a tag', gatewayPod({ revision: 'prod' }), {}, [tagged], 'istio-revision-tag-prod'],
      [
        'by the revision of the namespace when it names none',
        gatewayPod(),
        { 'istio.io/rev': 'canary' },
        [{}, canary],
        'istio-sidecar-injector-canary',
      ],
    ],
  )('is filled in %s', (_what, pod, namespaceLabels, controlPlanes, configuration) => {
    const found = findInjector({ pod, namespace: 'edge', namespaceLabels }, webhooksOf(...controlPlanes));
    expect(found).toMatchObject({ configuration });
  });

  it.each<[what: string, pod: Pod, labels: Record<string, string>, controlPlanes: JsonObject[], obstacle: string[]]>([
    ['there is no injector', gatewayPod(), {}, [], ['no webhook', 'revision default']],
    ['there is none of its revision', gatewayPod(canary), {}, [{}], ['revision canary', 'injectors for default']],
    [
      'its namespace switches injection off',
      gatewayPod(),
      { 'istio-injection': 'disabled' },
      [{}],
      ['of the namespace', 'label istio-injection', '"disabled"'],
    ],
    [
      'the same with a revision',
      gatewayPod(canary),
      { 'istio-injection': 'disabled' },
      [canary],
      ['no label istio-injection', '"disabled"'],
    ],
    [
      'its namespace is of another revision',
      gatewayPod(canary),
      { 'istio.io/rev': 'stable' },
      [canary, { revision: 'stable' }],
      ['-canary', 'istio.io/rev', '"stable"'],
    ],
    [
      'its pods use the host network',
      { ...gatewayPod(), spec: { ...gatewayPod().spec, hostNetwork: true } },
      {},
      [{}],
      ['network of its node'],
    ],
    [
      'its pods switch injection off',
      { ...gatewayPod(), metadata: { labels: { 'sidecar.istio.io/inject': 'false' } } },
      {},
      [{}],
      ['sidecar.istio.io/inject'],
    ],
  ])('is not when %s', (_what, pod, namespaceLabels, controlPlanes, texts) => {
    const found = findInjector({ pod, namespace: 'edge', namespaceLabels }, webhooksOf(...controlPlanes));
    const obstacle = 'obstacle' in found ? found.obstacle : '';
    for (const text of texts) expect(obstacle).toContain(text);
  });

  it('is not when its namespace is one that is never injected', () => {
    const found = findInjector({ pod: gatewayPod(), namespace: 'kube-system', namespaceLabels: {} }, webhooksOf({}));
    expect(found).toHaveProperty('obstacle', expect.stringContaining('system namespace'));
  });
});

it('other workloads wait for nobody', () => {
  expect(objectsOf({ profile: 'demo' }).flatMap((object) => findAutoPod(object) ?? [])).toEqual([]);
});
