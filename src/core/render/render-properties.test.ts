import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anySpec } from '../../../test/builders/spec-arbitrary.ts';
import type { Json, KubeObject, ObjectMeta } from '../kube-object.ts';
import { isJsonObject } from '../kube-object.ts';
import type { Form } from '../components.ts';
import { toManifestText } from './manifest-text.ts';
import { inApplyOrder } from './order.ts';
import { render } from './render.ts';

const DEFAULTS = { hub: 'example.com/istio', tag: '1.31.4' };
const forms = fc.constantFrom<Form>('sailwright', 'upstream');

function renderSpec(spec: Json, form: Form): ReturnType<typeof render> {
  return render({ documents: [{ spec }] }, { form, defaults: DEFAULTS });
}

/** What YAML reads where somebody meant text. */
const TYPED = { a: false, b: 1.5, c: null };
const PILOT_TEXTS = {
  deploymentLabels: TYPED,
  podLabels: TYPED,
  podAnnotations: TYPED,
  serviceAnnotations: TYPED,
  serviceAccountAnnotations: TYPED,
};
const CNI_TEXTS = { daemonSetLabels: TYPED, podAnnotations: TYPED, podLabels: TYPED };
const ZTUNNEL_TEXTS = { labels: TYPED, annotations: TYPED, podLabels: TYPED, podAnnotations: TYPED, revision: 131 };
const GATEWAY_TEXTS = { podAnnotations: TYPED, serviceAnnotations: TYPED, serviceAccount: { annotations: TYPED } };
const WEBHOOK_TEXTS = { sidecarInjectorWebhookAnnotations: TYPED };

function templateMetadata({ spec }: KubeObject): ObjectMeta {
  const template = isJsonObject(spec) ? spec.template : undefined;
  return (isJsonObject(template) ? (template.metadata as ObjectMeta | undefined) : undefined) ?? { name: '' };
}

/** What a user sees: the manifest, or the problems. */
function textOf(spec: Json, form: Form): string {
  const result = renderSpec(spec, form);
  // A message may show the value as it was given, keys in their order; the paths are what must not depend on it.
  if (!result.ok) return JSON.stringify(result.problems.map(({ path }) => path).sort());
  return toManifestText(inApplyOrder(result.value.components.flatMap(({ objects }) => objects)));
}

/** The same value with the keys of every map the other way round. */
function turned(value: Json): Json {
  if (Array.isArray(value)) return value.map(turned);
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(value).filter((entry): entry is [string, Json] => entry[1] !== undefined);
  return Object.fromEntries(entries.reverse().map(([key, item]) => [key, turned(item)]));
}

// Hundreds of renderings each: seconds on a machine that does other things as well.
describe('any combination of settings', { timeout: 60_000 }, () => {
  it('renders, or is refused with a path; it never throws', () => {
    fc.assert(
      fc.property(anySpec, forms, (spec, form) => {
        const result = renderSpec(spec, form);
        if (result.ok) toManifestText(result.value.components.flatMap(({ objects }) => objects));
        else for (const problem of result.problems) expect(problem.path, problem.message).not.toBe('');
      }),
      { numRuns: 500 },
    );
  });

  it('renders the same every time, whatever the order of keys, and is left as it was', () => {
    fc.assert(
      fc.property(anySpec, forms, (given, form) => {
        const spec = given;
        const before = JSON.stringify(spec);
        const text = textOf(spec, form);
        expect(textOf(spec, form)).toBe(text);
        expect(textOf(turned(spec), form)).toBe(text);
        expect(JSON.stringify(spec)).toBe(before);
      }),
      { numRuns: 200 },
    );
  });

  it('gives text for names, labels and annotations in our form', () => {
    fc.assert(
      fc.property(anySpec, (spec) => {
        const result = renderSpec(spec, 'sailwright');
        const objects = result.ok ? result.value.components.flatMap((component) => component.objects) : [];
        for (const object of objects) {
          const { name, labels, annotations } = object.metadata;
          for (const value of [name, ...Object.values({ ...labels, ...annotations })])
            expect(typeof value).toBe('string');
          const pods = templateMetadata(object);
          for (const value of Object.values({ ...pods.labels, ...pods.annotations }))
            expect(typeof value).toBe('string');
        }
      }),
      {
        numRuns: 200,
        examples: [
          [{ components: { egressGateways: [{ name: 'exit', enabled: true, label: { a: null } }] } }],
          [{ profile: 'ambient', values: { pilot: PILOT_TEXTS, cni: CNI_TEXTS, ztunnel: ZTUNNEL_TEXTS } }],
          [{ profile: 'demo', values: { gateways: { 'istio-ingressgateway': GATEWAY_TEXTS }, ...WEBHOOK_TEXTS } }],
        ],
      },
    );
  });
});
