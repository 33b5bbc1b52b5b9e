// What somebody types in the first hour, on a cluster that has nothing yet: from the first install to the uninstall.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { request, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KubeObject } from '../../src/core/kube-object.ts';
import { Forwarder } from '../../testbed/forwarder.ts';
import { OPERATOR_PROGRAM } from '../../testbed/operator-process.ts';
import { writeServiceAccountKubeconfig } from '../../testbed/service-account-kubeconfig.ts';
import { findFreePorts } from '../../testbed/ports.ts';
import { waitFor } from '../../testbed/wait.ts';
import { runSailwright, type Ended } from '../builders/run-sailwright.ts';
import { Environment } from './support/environment.ts';
import { startReachedOperator } from './support/reached-operator.ts';
import { applySpec, waitForCondition } from './support/resource.ts';

const SHOP = 'first-hour';
const PASSWORD = 'correct-horse-battery-staple';

let environment: Environment;
let forwarder: Forwarder;
let pagePort: number;

beforeAll(async () => {
  [pagePort = 0] = await findFreePorts(1);
  environment = await Environment.startBare();
  forwarder = await Forwarder.start();
});

afterAll(async () => {
  await environment.stop();
  await forwarder.stop();
});

async function apply(object: KubeObject): Promise<void> {
  await environment.kubectl(['apply', '-f', '-'], JSON.stringify(object));
}

function workload(kind: string, name: string): KubeObject {
  const probe = { httpGet: { path: '/ready', port: 8080 } };
  const containers = [{ name: 'app', image: 'app:1', ports: [{ containerPort: 8080 }], readinessProbe: probe }];
  const spec = {
    replicas: kind === 'Deployment' ? 2 : 1,
    selector: { matchLabels: { app: name } },
    template: { metadata: { labels: { app: name } }, spec: { containers } },
    ...(kind === 'StatefulSet' ? { serviceName: name } : {}),
  };
  return { apiVersion: 'apps/v1', kind, metadata: { name, namespace: SHOP }, spec };
}

async function fetchPodName(app: string): Promise<string> {
  const path = 'jsonpath={.items[0].metadata.name}';
  return environment.kubectl(['-n', SHOP, 'get', 'pods', '-l', `app=${app}`, '-o', path]);
}

/** In base64, those long enough to be found by chance nowhere. */
async function fetchSecretValues(): Promise<string[]> {
  const { items } = JSON.parse(await environment.kubectl(['get', 'secrets', '-A', '-o', 'json'])) as {
    items: { data?: Record<string, string> }[];
  };
  return items.flatMap(({ data = {} }) => Object.values(data)).filter((value) => value.length > 20);
}

async function fetchPhases(): Promise<string[]> {
  const path = 'jsonpath={range .items[*]}{.status.phase} {end}';
  return (await environment.kubectl(['-n', SHOP, 'get', 'pods', '-o', path])).trim().split(' ');
}

function run(...args: string[]): Promise<Ended> {
  return runSailwright([...args, '--kubeconfig', environment.cluster.kubeconfig]);
}

/** Runs a command as a process, and presses Ctrl-C as soon as it tells this. */
async function runUntil(told: string, ...args: string[]): Promise<Ended> {
  const child = spawn(process.execPath, [OPERATOR_PROGRAM, ...args, '--kubeconfig', environment.cluster.kubeconfig]);
  const said = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (more: string) => (said.out += more));
  child.stderr.setEncoding('utf8').on('data', (more: string) => {
    if (!said.err.includes(told) && `${said.err}${more}`.includes(told)) child.kill('SIGINT');
    said.err += more;
  });
  const code = await new Promise<number>((resolve) => child.once('close', (status) => resolve(status ?? -1)));
  return { code, ...said };
}

function secret(): KubeObject {
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'login', namespace: SHOP }, stringData: { PASSWORD } };
}

function service(name: string): KubeObject {
  const spec = { selector: { app: name }, ports: [{ name: 'http', port: 80, targetPort: 8080 }] };
  return { apiVersion: 'v1', kind: 'Service', metadata: { name, namespace: SHOP }, spec };
}

interface PageAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

/** Asks the operator's page, as a browser does by a forwarded port. */
async function askPage(path: string, { method = 'GET', host = 'localhost:7700', etag = '' } = {}): Promise<PageAnswer> {
  const headers = { host, ...(etag === '' ? {} : { 'if-none-match': etag }) };
  const asked = request({ host: '127.0.0.1', port: pagePort, path: `/${path}`, method, headers }).end();
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  return { status: answer.statusCode ?? 0, headers: answer.headers, body: await text(answer) };
}

interface ShownProxy {
  workload: { name: string };
  state: string;
  differences?: { path: string }[];
}

async function fetchProxies(): Promise<ShownProxy[]> {
  const { code, out, err } = await run('proxies', '-n', SHOP, '-o', 'json');
  expect([code, err]).toEqual([0, '']);
  return (JSON.parse(out) as { proxies: ShownProxy[] }).proxies;
}

/** The first line is what matters, whatever else is told. */
const WHILE_EMPTY: [args: string, code: number, says: RegExp][] = [
  ['status', 1, /^no operator in sight: sailwright install brings one\n/],
  ['uninstall', 2, /^the cluster has no such IstioOperator: look with kubectl get istiooperators -A\n/],
  ['proxies', 0, /^no proxies\n/],
  ['describe pod web.shop', 2, /^there is no pod web in namespace shop/],
  ['describe service web.shop', 2, /^there is no service web in namespace shop/],
  ['describe namespace kube-sistem', 2, /^there is no namespace kube-sistem: did you mean kube-system\?\n/],
  ['authn tls-check web.shop', 2, /^there is no pod web in namespace shop/],
  ['tag list', 0, /^no tags\n/],
];

describe('a cluster that has nothing yet', () => {
  it.each(WHILE_EMPTY)('%s says so', async (args, code, says) => {
    const { code: ended, out, err } = await run(...args.split(' '));
    expect({ ended, said: out + err }).toEqual({ ended: code, said: expect.stringMatching(says) as string });
  });

  it('install: writes nothing before it was agreed to', async () => {
    const { code, out, err } = await run('install', '--profile', 'default');
    expect({ code, err }).toEqual({
      code: 1,
      err: 'nothing was changed: there is no terminal to ask on; --yes does it\n',
    });
    expect(out).toMatch(/^the operator:\n {2}create {2}Namespace sailwright-system\n/);
    expect(out).toMatch(/\nthe mesh:\n(.*\n)* {2}create {2}IstioOperator istio-system\/istio\n/);
    expect((await run('status')).out).toMatch(/^no operator in sight/);
  });

  it.each([
    ['a profile', ['--profile', 'defualt'], /did you mean default\?/],
    ['a setting', ['--set', 'values.pilot.autoscaleMni=3'], /autoscaleMin\b/],
    ['an option', ['--profil', 'default'], /did you mean --profile\?/],
  ])('install: names the nearest of %s that is not there', async (_what, args, says) => {
    const { code, err } = await run('install', '-y', ...args);
    expect(code).not.toBe(0);
    expect(err).toMatch(says);
    expect(err.trimEnd().split('\n')).toHaveLength(1);
  });
});

describe('installing', () => {
  const INSTALL = ['install', '--profile', 'default', '--yes'];
  const ENDED_EARLY = 'ended early: what was written stays, and the same command goes on from there\n';

  it('goes on after Ctrl-C, be it amid the operator or amid the mesh', async () => {
    const first = await runUntil('applying CustomResourceDefinition', ...INSTALL);
    expect(first.code).toBe(130);
    expect(first.err).toContain(ENDED_EARLY);

    // No operator runs yet, so that there is nothing to follow.
    const second = await runUntil('waiting for the operator to look at it', ...INSTALL);
    expect(second.code).toBe(130);
    expect(second.err).toContain(ENDED_EARLY);
    expect(second.out).not.toContain('create  Namespace sailwright-system');
    expect(second.out).toContain('create  IstioOperator istio-system/istio\n');
    expect(second.out).toMatch(/objects? stays? as (it is|they are)/);

    await environment.openIdentity();
    const flags = [`--page-port=${pagePort}`];
    await startReachedOperator(environment, forwarder, { name: 'first-hour-1', flags });
    const third = await run('install', '--profile', 'default');
    expect({ code: third.code, err: third.err }).toEqual({ code: 0, err: expect.stringContaining('istiod') as string });
    expect(third.out).not.toMatch(/^ {2}(create|change) /m);
    expect(third.out).toContain('the mesh is ready. What comes next:\n');
  });

  it('changes nothing where all is as it should be', async () => {
    const { code, out } = await run('install', '--profile', 'default');
    expect(code).toBe(0);
    expect(out).not.toMatch(/^ {2}(create|change) /m);
  });

  it('tells what other settings change, and does it when it is agreed to', async () => {
    const settings = ['--profile', 'default', '--set', 'meshConfig.accessLogFile=/dev/stdout'];
    const asked = await run('install', ...settings);
    expect(asked.code).toBe(1);
    expect(asked.out).toContain('change  IstioOperator istio-system/istio: spec.meshConfig');
    expect((await run('install', ...settings, '--yes')).code).toBe(0);
    const mesh = await environment.kubectl(['-n', 'istio-system', 'get', 'configmap', 'istio', '-o', 'yaml']);
    expect(mesh).toContain('accessLogFile: /dev/stdout');
    const back = await run(...INSTALL);
    expect(back.code).toBe(0);
    expect(back.out).toContain('change  IstioOperator istio-system/istio: spec.meshConfig');
  });

  it('leaves what others set, and says who', async () => {
    const patch = JSON.stringify({ spec: { meshConfig: { accessLogFile: '/dev/stderr' } } });
    const ref = ['-n', 'istio-system', 'iop', 'istio'];
    await environment.kubectl(['patch', ...ref, '--type=merge', '--field-manager=somebody', '-p', patch]);
    const { code, err } = await run(...INSTALL, '--set', 'meshConfig.accessLogFile=/dev/stdout');
    expect(code).toBe(1);
    expect(err).toMatch(/others set fields that this would change: .*accessLogFile \("somebody"\); .*--force\n$/);
    await environment.kubectl(['patch', ...ref, '--type=merge', '-p', JSON.stringify({ spec: { meshConfig: null } })]);
  });

  it('does not put an older operator in the place of a newer one', async () => {
    const setImage = (image: string): Promise<string> =>
      environment.kubectl(['-n', 'sailwright-system', 'set', 'image', 'deployment/sailwright', `*=${image}`]);
    const jsonpath = 'jsonpath={.spec.template.spec.containers[0].image}';
    const image = await environment.kubectl([
      '-n',
      'sailwright-system',
      'get',
      'deployment/sailwright',
      '-o',
      jsonpath,
    ]);
    await setImage('sailwright:9.0.0');
    const { code, err } = await run(...INSTALL);
    expect(code).toBe(1);
    expect(err).toMatch(/^the operator in the cluster is 9\.0\.0, newer than this command line/);
    await setImage(image);
  });
});

describe('looking at what is there', () => {
  beforeAll(async () => {
    await waitForCondition('Ready');
    await waitForCondition('InjectionEnforced');
    await apply({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: SHOP, labels: { 'istio-injection': 'enabled' } },
    });
    await waitFor('the default ServiceAccount', () =>
      environment.kubectl(['-n', SHOP, 'get', 'serviceaccount', 'default']).then(() => true),
    );
    await apply(secret());
    await apply(service('web'));
    await apply(workload('Deployment', 'web'));
    await apply(workload('StatefulSet', 'store'));
    await waitFor(
      'the pods to run',
      async () => (await fetchPhases()).filter((phase) => phase === 'Running').length === 3,
    );
  });

  it('status: tells what runs, in text and in JSON', async () => {
    const { code, out } = await run('status');
    expect(out).toMatch(/^OPERATOR +READY +VERSION\nsailwright-system\/sailwright +2\/2 +/);
    for (const line of [
      /\nistio-system\/istio +default +1\.\d+\.\d+ +True /,
      /\nPilot +HEALTHY/,
      /\nPROXIES +REVISION +PODS +OTHER VERSION\n/,
      /\nanalysis finds|\nFINDING/,
    ])
      expect(out).toMatch(line);
    const json = await run('status', '-o', 'json');
    expect(json.code).toBe(code);
    expect(JSON.parse(json.out)).toMatchObject({
      installations: [{ name: 'istio' }],
      operators: [{ namespace: 'sailwright-system' }],
    });
  });

  it('describe: pod, service and namespace', async () => {
    const pod = await fetchPodName('web');
    expect((await run('describe', 'pod', `${pod}.${SHOP}`)).out).toMatch(/sidecar/i);
    expect((await run('describe', 'service', `web.${SHOP}`)).out).toMatch(/\b80\b/);
    expect((await run('describe', 'namespace', SHOP)).out).toMatch(/istio-injection=enabled/);
    const { code, err } = await run('describe', 'service', `wbe.${SHOP}`);
    expect(code).toBe(2);
    expect(err).toMatch(/did you mean "?web/);
  });

  it('bug-report: is an archive without secrets', async () => {
    const archive = join(environment.folder, 'bug-report.tar.gz');
    const { code, out } = await run('bug-report', '-o', archive);
    expect(code).toBe(0);
    expect(out).toMatch(/bug-report\.tar\.gz: \d+ files, \d+ KiB\. Look through it before you give it away\.\n/);
    const names = spawnSync('tar', ['-tzf', archive], { encoding: 'utf8' }).stdout;
    expect(names).toContain('contents.txt');
    const text = spawnSync('tar', ['-xzOf', archive], { encoding: 'utf8', maxBuffer: 2 ** 28 }).stdout;
    expect(text).toContain(`"${SHOP}"`);
    for (const value of await fetchSecretValues()) {
      expect(text).not.toContain(value);
      expect(text).not.toContain(Buffer.from(value, 'base64').toString());
    }
    expect(text).not.toMatch(/PRIVATE KEY|kind: Secret/);
  });

  it('shows the page of the operator, which only reads, and tells no secrets', async () => {
    const answer = await askPage('api/v1/state');
    expect(answer).toMatchObject({ status: 200, headers: { 'cache-control': 'no-store' } });
    expect(JSON.parse(answer.body)).toMatchObject({
      source: { kind: 'cluster', name: 'first-hour-1' },
      unread: [],
      installations: [{ name: 'istio', state: 'HEALTHY' }],
      proxies: expect.arrayContaining([
        expect.objectContaining({ namespace: SHOP, workload: 'web', pods: 2 }),
      ]) as unknown,
    });
    for (const value of await fetchSecretValues()) expect(answer.body).not.toContain(value);
    const page = await askPage('');
    expect(page.body).toContain('<script src="page.js">');
    expect(page.headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'self';/);
    expect((await askPage('page.js')).body.length).toBeGreaterThan(10_000);
    expect(await askPage('', { method: 'HEAD' })).toMatchObject({ status: 200, body: '' });
    expect((await askPage('', { method: 'POST' })).status).toBe(405);
    expect((await askPage('api/v1/state', { host: 'evil.example.com' })).status).toBe(421);
  });

  it('keeps the page of the operator up to date', async () => {
    const { headers } = await askPage('api/v1/state');
    const known = headers.etag ?? '';
    expect((await askPage('api/v1/state', { etag: known })).status).toBe(304);
    await environment.kubectl(['create', 'namespace', 'late-comer']);
    await environment.kubectl(['label', 'namespace', 'late-comer', 'istio.io/rev=gone']);
    const body = await waitFor('the page to tell of the namespace', async () => {
      const next = await askPage('api/v1/state', { etag: known });
      return next.body.includes('late-comer') && next.body;
    });
    expect(JSON.parse(body)).toMatchObject({ injection: { unserved: [{ name: 'late-comer' }] } });
    await environment.kubectl(['delete', 'namespace', 'late-comer', '--wait=false']);
  });

  it('names the right that is missing, and who grants it', async () => {
    await environment.kubectl(['-n', SHOP, 'create', 'serviceaccount', 'nobody']);
    const path = join(environment.folder, 'nobody.kubeconfig');
    const kubeconfig = await writeServiceAccountKubeconfig(environment.kubectl, {
      namespace: SHOP,
      name: 'nobody',
      path,
    });
    const commands = [
      'status',
      'proxies',
      'uninstall',
      'install -y',
      `bug-report -o ${path}.tgz`,
      'tag list',
      `describe namespace ${SHOP}`,
    ];
    for (const command of commands) {
      const { out, err } = await runSailwright([...command.split(' '), '--kubeconfig', kubeconfig]);
      expect({ command, said: out + err }).toEqual({
        command,
        said: expect.stringMatching(/cannot (get|list) resource|cannot be read|could not be read/) as string,
      });
    }
    const { err } = await runSailwright(['uninstall', '--kubeconfig', kubeconfig]);
    expect(err).toMatch(/cannot list resource "istiooperators".*: who administers the cluster can grant this right/);
  });

  it('proxies: pods that were just injected are current, whatever the API server filled in', async () => {
    expect(
      (await fetchProxies()).map(({ workload: { name }, state, differences }) => [name, state, differences]),
    ).toEqual([
      ['store', 'current', undefined],
      ['web', 'current', undefined],
      ['web', 'current', undefined],
    ]);
    const { out } = await run('proxies');
    expect(out).toMatch(/^NAMESPACE +WORKLOAD +PODS +VERSION +REVISION +STATE +WHY\n/);
    expect(out).toMatch(new RegExp(`${SHOP} +Deployment/web +2 +1\\.\\d+\\.\\d+ +default +current\n`));
    expect(out).toMatch(/ Deployment\/istio-ingressgateway .* installed +it is of the installation/);
  });

  it('proxies: a change of the mesh makes them stale, by the fields that it changes', async () => {
    await applySpec({ profile: 'default', values: { global: { proxy: { logLevel: 'debug' } } } });
    const stale = await waitFor('the new configuration', async () => {
      const proxies = await fetchProxies();
      return proxies.every(({ state }) => state === 'changed') && proxies;
    });
    const paths = stale.map(({ differences = [] }) => differences.map(({ path }) => path));
    expect(new Set(paths.map((each) => each.join()))).toEqual(
      new Set([expect.stringMatching(/^(initC|c)ontainers\[istio-proxy\]\.args$/)]),
    );
    await environment.kubectl(['-n', SHOP, 'rollout', 'restart', 'deployment/web', 'statefulset/store']);
    await waitFor('the new pods', async () => (await fetchProxies()).every(({ state }) => state === 'current'));
    expect((await run('proxies', '-n', SHOP, '--stale')).out).toBe('no proxy that a restart would change\n');
  });

  it('proxies: a namespace that leaves the mesh would lose them', async () => {
    await environment.kubectl(['label', 'namespace', SHOP, 'istio-injection-']);
    expect(new Set((await fetchProxies()).map(({ state }) => state))).toEqual(new Set(['losing']));
    await environment.kubectl(['label', 'namespace', SHOP, 'istio-injection=enabled']);
  });
});

describe('uninstalling', () => {
  it('tells what would go and who uses it, and waits for consent', async () => {
    const { code, out } = await run('uninstall');
    expect(code).toBe(0);
    expect(out).toMatch(/remove {2}Deployment istio-system\/istiod\n/);
    expect(out).toContain(SHOP);
    expect(out).toMatch(/nothing was written; --yes does it\n$/);
    expect(await run('uninstall', '--yes', '--force', '--dry-run')).toEqual({ code, out, err: '' });
    const refused = await run('uninstall', '--yes');
    expect(refused.code).not.toBe(0);
    expect(refused.err).toContain('nothing was removed, since it is in use as told above: free it first, or --force\n');
  });

  it('removes it when nobody uses it any more', async () => {
    await environment.kubectl(['delete', 'namespace', SHOP, '--timeout=120s']);
    const { code, out } = await run('uninstall', '--yes');
    expect(code).toBe(0);
    expect(out).toContain('IstioOperator istio-system/istio is gone, and what it installed\n');
    expect(await environment.kubectl(['-n', 'istio-system', 'get', 'deployments', '-o', 'name'])).toBe('');
    expect((await run('uninstall', '--yes')).err).toMatch(/^the cluster has no such IstioOperator/);
  });
});
