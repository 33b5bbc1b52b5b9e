import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { FakeKubeApi } from '../../../test/builders/fake-kube-api.ts';
import { runSailwright } from '../../../test/builders/run-sailwright.ts';
import type { KubeObject } from '../../core/kube-object.ts';
import { ApiError } from '../../kube/errors.ts';
import { initialFlags } from '../shell/command.ts';
import { isNewer } from './change-operator.ts';
import { INSTALL } from './command.ts';
import { install, type Installing } from './install.ts';
import { readResource } from './read-resource.ts';

const DEPLOYMENT = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'sailwright-system', name: 'sailwright' };
const RESOURCE = {
  apiVersion: 'install.istio.io/v1alpha1',
  kind: 'IstioOperator',
  namespace: 'istio-system',
  name: 'istio',
};

/** A cluster whose Deployments become ready and whose operator answers at once with these conditions. */
class AnsweringApi extends FakeKubeApi {
  readonly #conditions: object[];

  constructor(conditions: object[]) {
    super();
    this.#conditions = conditions;
  }

  override async apply(object: KubeObject, options: Parameters<FakeKubeApi['apply']>[1]): Promise<KubeObject> {
    const stored = await super.apply(object, options);
    if (options.dryRun) return stored;
    const { replicas = 1 } = (object['spec'] ?? {}) as { replicas?: number };
    const counts = { replicas, readyReplicas: replicas, updatedReplicas: replicas, availableReplicas: replicas };
    if (object.kind === 'Deployment') this.seed({ ...stored, status: counts });
    const componentStatus = { Pilot: { status: 'HEALTHY' } };
    if (object.kind === 'IstioOperator')
      this.seed({ ...stored, status: { componentStatus, conditions: this.#conditions } });
    return stored;
  }
}

const READY = [{ type: 'Ready', status: 'True', reason: 'Installed', message: 'all components are ready' }];

interface Told {
  out: string;
  err: string;
}

/** Runs the command on a cluster in memory. */
async function run(
  api: FakeKubeApi,
  flags: object,
  ask?: (question: string) => Promise<string>,
): Promise<Told & { end: unknown }> {
  const told = { out: '', err: '' };
  const io = {
    out: (text: string) => void (told.out += text),
    err: (text: string) => void (told.err += text),
    env: {},
    isTerminal: false,
    columns: 100,
    ask,
  };
  const all = { ...initialFlags(INSTALL), ...flags } as Installing['flags'];
  const resource = all.operatorOnly ? undefined : readResource(all, io);
  const end = await install({ api, io, flags: all, timeoutMs: 5_000 }, resource).catch((error: unknown) =>
    String(error),
  );
  return { ...told, end };
}

test('tells what it would do, and writes nothing by a dry run', async () => {
  const api = new FakeKubeApi();
  const { out, end } = await run(api, { dryRun: true, profile: 'minimal' });

  expect(end).toBe(0);
  expect(out).toContain('create  CustomResourceDefinition istiooperators.install.istio.io\n');
  expect(out).toContain('create  Deployment sailwright-system/sailwright\n');
  expect(out).toContain('create  IstioOperator istio-system/istio\n');
  expect(out).toMatch(/whose objects the operator makes: \d+ of Base, \d+ of Pilot/);
  expect(api.writes).toEqual([]);
});

test('asks before it writes: without a terminal it needs --yes, and a no is a no', async () => {
  const api = new FakeKubeApi();
  expect((await run(api, {})).end).toMatch(/nothing was changed: there is no terminal to ask on; --yes does it/);
  expect((await run(api, {}, () => Promise.resolve('n'))).end).toMatch(/nothing was changed/);
  expect(api.writes).toEqual([]);
});

test('installs, follows the components and ends with what comes next; once more, it changes nothing', async () => {
  const api = new AnsweringApi(READY);
  const first = await run(api, { profile: 'minimal', set: ['revision=blue'] }, () => Promise.resolve('yes'));

  expect(first.end).toBe(0);
  expect(first.err).toContain('Pilot  HEALTHY\nall components are ready\n');
  expect(first.out).toContain('kubectl label namespace NAMESPACE istio.io/rev=blue');
  expect((await api.get(RESOURCE))?.['spec']).toEqual({ profile: 'minimal', revision: 'blue' });
  expect(api.writes.map(({ kind }) => kind).slice(0, 2)).toEqual(['Namespace', 'CustomResourceDefinition']);
  expect(api.writes.at(-1)?.kind).toBe('IstioOperator');

  api.writes.length = 0;
  const again = await run(api, { profile: 'minimal', set: ['revision=blue'] });
  expect([again.end, api.writes]).toEqual([0, []]);
});

test('goes on where it was ended early', async () => {
  const api = new AnsweringApi(READY);
  api.fault = ({ verb, kind }) =>
    verb === 'apply' && kind === 'Deployment' ? new ApiError({ status: 500, reason: 'X', message: 'gone' }) : undefined;
  expect((await run(api, { yes: true })).end).toMatch(/gone/);
  const before = api.writes.length;
  api.fault = () => undefined;
  expect((await run(api, { yes: true })).end).toBe(0);
  expect(before + api.writes.length - before).toBe(new Set(api.writes.map(({ kind, name }) => `${kind} ${name}`)).size);
});

test('a resource that cannot be rendered changes nothing', async () => {
  const api = new FakeKubeApi();
  const { end } = await run(api, { yes: true, profile: 'nonsense' });
  expect(end).toMatch(/nothing was changed: spec\.profile: there is no profile "nonsense"/);
  expect(api.writes).toEqual([]);
});

test('a file with something else is refused, and with it all', async () => {
  const path = join(mkdtempSync(join(tmpdir(), 'sailwright-install-')), 'service.yaml');
  writeFileSync(path, 'apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {}\n');
  const api = new FakeKubeApi();
  expect((await run(api, { yes: true, filename: [path] })).end).toMatch(/nothing was changed: .*kind.*IstioOperator/);
  expect(api.writes).toEqual([]);
});

test('an operator that cannot go on is told of with its reason', async () => {
  const stalled = {
    type: 'Stalled',
    status: 'True',
    reason: 'AdoptionRequired',
    message: 'objects of Helm are in the way',
  };
  const { end } = await run(new AnsweringApi([stalled]), { yes: true });
  expect(end).toMatch(/objects of Helm are in the way/);
});

/** Where somebody else has a field of the operator's Deployment. */
class HeldApi extends AnsweringApi {
  override apply(object: KubeObject, options: Parameters<FakeKubeApi['apply']>[1]): Promise<KubeObject> {
    const causes = [
      { reason: 'FieldManagerConflict', field: '.spec.replicas', message: 'conflict with "argocd" using apps/v1' },
    ];
    return object.kind === 'Deployment' && !options.force
      ? Promise.reject(new ApiError({ status: 409, reason: 'Conflict', message: 'no', causes }))
      : super.apply(object, options);
  }
}

test('fields of others are left alone, and named', async () => {
  const api = new HeldApi(READY);
  const { name, namespace, ...kind } = DEPLOYMENT;
  api.seed({ ...kind, metadata: { name, namespace } });
  expect((await run(api, { yes: true })).end).toMatch(
    /Deployment sailwright-system\/sailwright: others set .*\.spec\.replicas \("argocd"\).*--force/,
  );
  expect(api.writes).toEqual([]);
});

test('fields of others are nothing to refuse where they are as they are to be', async () => {
  const api = new HeldApi(READY);
  await run(api, { yes: true, force: true });
  api.writes.length = 0;
  const { end, out } = await run(api, { yes: true });
  expect([end, api.writes, out]).toEqual([0, [], expect.not.stringContaining('Deployment')]);
});

test('a newer operator is not replaced by an older one', async () => {
  const api = new FakeKubeApi();
  const containers = [{ name: 'operator', image: 'registry.example/sailwright:99.0.0' }];
  const { name, namespace, ...kind } = DEPLOYMENT;
  api.seed({ ...kind, metadata: { name, namespace }, spec: { template: { spec: { containers } } } });
  expect((await run(api, { yes: true })).end).toMatch(/99\.0\.0, newer than this command line/);
  expect((await run(api, { dryRun: true, force: true })).out).toContain(
    'change  Deployment sailwright-system/sailwright: ',
  );
});

test.each([
  ['1.2.0', '1.1.9', true],
  ['1.10.0', '1.9.0', true],
  ['1.2.0', '1.2.0', false],
  ['1.2.0', '1.2.1', false],
])('%s is newer than %s: %s', (version, other, expected) => {
  expect(isNewer(version, other)).toBe(expected);
});

test.each([
  [['install', '--operator-only', '--profile', 'demo'], /--operator-only installs no mesh/],
  [['install', '--timeout', 'long'], /--timeout takes a number of seconds, not "long"/],
  [['install', '-f', 'none.yaml'], /none\.yaml: cannot be read/],
  [['upgrade', 'a'], /a NAME goes with --istio-version/],
  [['upgrade', '--istio-version', '9.9'], /--istio-version takes a minor or release of Istio that is known/],
  [['status', '--interval', '0'], /--interval takes a number of seconds, not "0"/],
  [['status', '--kubeconfig', 'none'], /kubeconfig none: cannot be read/],
])('%s says what is wrong with it', async (args, says) => {
  const { code, err } = await runSailwright(args);
  expect(code).toBeGreaterThan(0);
  expect(err).toMatch(says);
  expect(err.trimEnd()).not.toContain('\n');
});
