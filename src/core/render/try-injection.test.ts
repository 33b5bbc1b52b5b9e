import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../kube-object.ts';
import type { Problem } from '../problem.ts';
import type { Form } from '../components.ts';
import { render } from './render.ts';

function problemsOf(spec: JsonObject, form: Form = 'sailwright'): Problem[] {
  const result = render({ documents: [{ spec }] }, { form, defaults: { hub: 'example.com/istio', tag: '1.31.4' } });
  return result.ok ? [] : result.problems;
}

const TEMPLATES = 'spec.values.sidecarInjectorWebhook.templates';
const webhook = (settings: JsonObject): JsonObject => ({ values: { sidecarInjectorWebhook: settings } });
const template = (text: string): JsonObject => webhook({ templates: { own: text } });
const overlay = (name: string, path: string, value: string): JsonObject => ({
  components: { pilot: { k8s: { overlays: [{ kind: 'ConfigMap', name, patches: [{ path, value }] }] } } },
});
const proxyEnv = (value: string): string =>
  `spec:\n  containers:\n  - name: istio-proxy\n    env:\n    - {name: GREETING, value: ${value}}\n`;

describe('what would not inject a sample pod is a problem', () => {
  it.each<[what: string, spec: JsonObject, path: string, cause: string]>([
    ['an action that never ends', template('a: b\nc: {{ .ObjectMeta.Name'), `${TEMPLATES}.own`, 'line 2'],
    ['a function that does not exist', template(proxyEnv('{{ shout "a" }}')), `${TEMPLATES}.own`, 'shout'],
    ['a field that pods do not have', template('\n{{ .ObjectMeta.Nmae }}'), `${TEMPLATES}.own`, 'line 2'],
    ['a result that is no YAML', template('spec:\n  containers:\n  - name: a\n   b: ['), `${TEMPLATES}.own`, 'line 4'],
    ['a result that is no pod', template('- a'), `${TEMPLATES}.own`, 'must be an object'],
    ['a field of the wrong type', template('spec: {containers: 5}'), `${TEMPLATES}.own`, 'spec.containers'],
    [
      'a template without an end',
      template('{{ range until 100000 }}{{ range until 100000 }}{{ end }}{{ end }}'),
      `${TEMPLATES}.own`,
      '500000 steps',
    ],
    [
      'a template for gateways of the Gateway API',
      webhook({ templates: { waypoint: '{{ if }}' } }),
      `${TEMPLATES}.waypoint`,
      'line 1',
    ],
    [
      'a built-in template that is replaced',
      webhook({ templates: { sidecar: '{{ .None }}' } }),
      `${TEMPLATES}.sidecar`,
      'None',
    ],
    [
      'a default template that does not exist',
      webhook({ defaultTemplates: ['sidecar', 'gone'] }),
      'spec.values.sidecarInjectorWebhook.defaultTemplates',
      '"gone"',
    ],
    [
      'default templates that fail for workloads alone',
      webhook({
        templates: { gate: '{{ if ne (index .Spec.Containers 0).Name "istio-proxy" }}{{ .None }}{{ end }}' },
        defaultTemplates: ['sidecar', 'gate'],
      }),
      'spec.values.sidecarInjectorWebhook.defaultTemplates',
      'template gate fails',
    ],
    [
      'a template that no schema checked',
      { unvalidatedValues: { sidecarInjectorWebhook: { templates: { 'a.b': '{{' } } } },
      'spec.unvalidatedValues.sidecarInjectorWebhook.templates["a.b"]',
      'line 1',
    ],
    [
      'a template in an overlay',
      overlay('istio-sidecar-injector', 'data.config', '{templates: {own: "{{"}}'),
      'spec.components.pilot.k8s.overlays',
      'ConfigMap istio-sidecar-injector: templates.own: ',
    ],
    [
      'a configuration of injection that is no YAML',
      overlay('istio-sidecar-injector', 'data.config', 'policy: enabled: yes'),
      'spec.components.pilot.k8s.overlays',
      'data.config',
    ],
    [
      'a mesh in an overlay that cannot be read',
      overlay('istio', 'data.mesh', 'defaultConfig: {concurrency: many}'),
      'spec.components.pilot.k8s.overlays',
      'ConfigMap istio: ',
    ],
  ])('%s', (_what, spec, path, cause) => {
    expect(problemsOf(spec)).toEqual([
      { path, message: expect.stringContaining(cause) as string, code: 'InjectionBroken' },
    ]);
    expect(problemsOf(spec, 'upstream')).toEqual([]);
  });

  it('each template by itself', () => {
    const paths = problemsOf(webhook({ templates: { a: '{{', b: proxyEnv('x'), c: '{{ .None }}' } }));
    expect(paths.map(({ path }) => path)).toEqual([`${TEMPLATES}.a`, `${TEMPLATES}.c`]);
  });

  it.each<[what: string, count: number, text: string]>([
    ['too many to be read', 3_000, 'metadata: {}'],
    ['too many to be tried', 700, 'metadata: {}'],
    ['too slow', 30, '{{ range until 9000 }}{{ range until 10 }}{{ end }}{{ end }}'],
  ])('and so are templates that are together %s', (_what, count, text) => {
    const templates = Object.fromEntries(Array.from({ length: count }, (_, i) => [`t${i}`, text]));
    expect(problemsOf(webhook({ templates }))).toEqual([
      { path: TEMPLATES, message: expect.stringContaining('too long') as string, code: 'InjectionBroken' },
    ]);
  });
});

describe('what injects a sample pod is none', () => {
  it.each<[what: string, spec: JsonObject]>([
    ['a template that adds to the sidecar', template(proxyEnv('"{{ .ObjectMeta.Annotations.greeting }}"'))],
    [
      'one among the default templates',
      webhook({ templates: { own: proxyEnv('x') }, defaultTemplates: ['sidecar', 'own'] }),
    ],
    ['a template that refuses pods that it is not for', template('{{ fail "only for batch jobs" }}')],
    [
      'a template for gateways alone',
      template('{{ range .Spec.Containers }}{{ if ne .Name "istio-proxy" }}{{ $.None }}{{ end }}{{ end }}'),
    ],
    ['an empty template', template('')],
    [
      'injection that is switched off',
      { values: { global: { proxy: { autoInject: 'disabled' } }, ...(template('')['values'] as JsonObject) } },
    ],
    ['a control plane that is not installed', { components: { pilot: { enabled: false } }, ...template('{{') }],
    ['an overlay of another ConfigMap key', overlay('istio-sidecar-injector', 'data.note', 'hello')],
  ])('%s', (_what, spec) => {
    expect(problemsOf(spec)).toEqual([]);
  });
});
