// The package as others get it: what it holds, and whether a project outside compiles and runs with it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { EchoApi } from './support/echo-api.ts';
import { PackedConsumer } from './support/packed-consumer.ts';

const ROOT = join(import.meta.dirname, '../..');
const GUIDE = readFileSync(join(ROOT, 'docs/guides/library.md'), 'utf8');
/** Each example of the guide, with what it prints. */
const EXAMPLES = [...GUIDE.matchAll(/```ts\n(.*?)```\n\n```text\n(.*?)```/gs)].map(([, code = '', output = ''], i) => ({
  name: `example-${i}.ts`,
  code,
  output,
}));

/** What a type check must let pass, and what it must not. */
const TYPED = `
import { K8s, type WatchCfg } from 'kubernetes-fluent-client';
import * as kinds from 'sailwright/fluent';
import type { install } from 'sailwright/fluent';

const pilot: install.KubernetesSettings = { replicaCount: 2, env: [{ name: 'A', value: 'b' }] };
export const filtered = K8s(kinds.VirtualService).WithField('metadata.name', 'web').WithLabel('app');
export const operators = K8s(kinds.IstioOperator).WithField('metadata.namespace', 'istio-system');
export const watch = (config: WatchCfg) =>
  K8s(kinds.IstioOperator).InNamespace('x').Watch((iop, phase) => console.log(iop.status?.componentStatus?.['Pilot']?.status, phase), config);
export const uses = async () => {
  const { items } = await K8s(kinds.DestinationRuleV1Beta1).InNamespace('shop').Get();
  const ports: (number | undefined)[] = items.flatMap(({ spec }) => spec?.trafficPolicy?.portLevelSettings ?? []).map(({ port }) => port?.number);
  await K8s(kinds.IstioOperator).Apply({ metadata: { name: 'istio' }, spec: { components: { pilot: { k8s: pilot } } } });
  await K8s(kinds.ServiceEntry).Create({ metadata: { name: 'x' }, spec: { hosts: ['a.example.com'], resolution: 'DNS' } });
  await K8s(kinds.AnalysisReport).Get('x').then(({ findings }) => findings.map(({ code, level }) => [code, level]));
  // @ts-expect-error a field that is not there
  await K8s(kinds.VirtualService).Apply({ spec: { hots: ['web'] } });
  // @ts-expect-error a word that is none of the enum's
  await K8s(kinds.PeerAuthentication).Apply({ spec: { mtls: { mode: 'STRIKT' } } });
  // @ts-expect-error a spec is required
  await K8s(kinds.ServiceEntry).Create({ metadata: { name: 'x' } });
  // @ts-expect-error a field that is not there
  await K8s(kinds.IstioOperator).Apply({ spec: { profil: 'demo' } });
  // @ts-expect-error durations are text
  await K8s(kinds.VirtualService).Apply({ spec: { http: [{ timeout: 5 }] } });
  return ports;
};
`;

/** Prints what each class is to the client. */
const REGISTERED = `
import { K8s, GenericKind, RegisterKind } from 'kubernetes-fluent-client';
class Gateway extends GenericKind {}
RegisterKind(Gateway, { group: 'gateway.networking.k8s.io', version: 'v1', kind: 'Gateway' });
const kinds: object = await import('sailwright/fluent');
await K8s(Gateway).InNamespace('x').Get();
for (const kind of Object.values(kinds) as (typeof GenericKind)[]) await K8s(kind).InNamespace('x').Get();
`;

const istio = { metadata: { name: 'istio' }, status: { conditions: [{ type: 'Ready', status: 'True' }] } };
const api = new EchoApi(
  new Map([['/apis/install.istio.io/v1alpha1/namespaces/istio-system/istiooperators/istio', istio]]),
);
let consumer: PackedConsumer;
let env: Record<string, string>;

beforeAll(async () => {
  consumer = await PackedConsumer.create();
  await api.start();
  env = { KUBECONFIG: await api.writeKubeconfig(consumer.folder) };
  for (const { name, code } of EXAMPLES) await consumer.write(name, code);
  await consumer.write('typed.ts', TYPED);
  await consumer.write('registered.ts', REGISTERED);
});

afterAll(async () => {
  api.stop();
  await consumer?.remove();
});

test('the tarball holds what users run, import, apply and read, and nothing of how it is made', () => {
  const { exports, bin } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    exports: Record<string, string | Record<string, string>>;
    bin: Record<string, string>;
  };
  const named = [...Object.values(exports), ...Object.values(bin)]
    .flatMap((target) => (typeof target === 'string' ? [target] : Object.values(target)))
    .map((path) => path.replace(/^\.\//, ''));
  expect(consumer.files).toEqual(
    expect.arrayContaining([
      ...named,
      'dist/judgement-worker.mjs',
      'dist/package.json',
      'dist/library/package.json',
      'README.md',
      'LICENSE',
      'docs/guides/library.md',
      'crds/install.istio.io_istiooperators.yaml',
      'config/default/kustomization.yaml',
    ]),
  );
  const others = consumer.files.filter((path) => !/^(dist|crds|config|docs)\/|^[^/]+$/.test(path));
  expect(others).toEqual([]);
  expect(consumer.files.filter((path) => /\.test\.|(?<!\.d)\.ts$/.test(path))).toEqual([]);
});

test('a strict project outside of the repository compiles', { timeout: 240_000 }, async () => {
  expect(await consumer.compile()).toBe('');
});

test.each(EXAMPLES)('the guide prints what it says: $name', async ({ name, output }) => {
  expect(await consumer.run(name, env)).toBe(output);
});

test('the guide has an example of each function', () => {
  const code = EXAMPLES.map((example) => example.code).join('\n');
  for (const name of ['render(', 'createInjector(', 'validate(', 'analyze(', 'K8s(']) expect(code).toContain(name);
});

test('each version of each kind is asked for where a cluster serves it, beside a class of the same name', async () => {
  api.requests.length = 0;
  await consumer.run('registered.ts', env);
  expect(api.requests[0]).toBe('GET /apis/gateway.networking.k8s.io/v1/namespaces/x/gateways');
  const served = servedPaths().map((path) => `GET ${path}`);
  expect(api.requests.slice(1).sort()).toEqual(served.sort());
});

test('the operator loads no fluent client', async () => {
  const programs = consumer.files.filter((path) => /^dist\/[^/]+\.[cm]?js$/.test(path));
  expect(programs.length).toBeGreaterThan(10);
  for (const path of [...programs, 'dist/library/core/core.js']) {
    expect(await consumer.read(path), path).not.toMatch(
      /(from|import\(|import|require\()\s*["']kubernetes-fluent-client/,
    );
  }
});

/** The collections of every version that the definitions in crds/ serve, in namespace x. */
function servedPaths(): string[] {
  return consumer.files
    .filter((path) => path.startsWith('crds/') && path.endsWith('.yaml'))
    .flatMap((path) => {
      const { spec } = parse(readFileSync(join(ROOT, path), 'utf8')) as Definition;
      return spec.versions.map(({ name }) => `/apis/${spec.group}/${name}/namespaces/x/${spec.names.plural}`);
    });
}

interface Definition {
  spec: { group: string; names: { plural: string }; versions: { name: string }[] };
}
