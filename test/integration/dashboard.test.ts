// `sailwright dashboard` and `sailwright report` as a user runs them, against an API server that tells what it was given.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { ISTIO_OPERATOR } from '../../src/api/install/istio-operator-kind.ts';
import { PROXY_ROLLOUT } from '../../src/api/rollout/proxy-rollout.ts';
import { KIND, kindRefOf } from '../../src/core/analyze/kinds.ts';
import type { KubeObject } from '../../src/core/kube-object.ts';
import { REPORT_VERSION } from '../../src/core/report/mesh-report.ts';
import { versionPath } from '../../src/kube/discovery.ts';
import { controlPlane, istioOperator, namespace, pod } from '../builders/small-mesh.ts';
import { EchoApi } from './support/echo-api.ts';

const MAIN = join(import.meta.dirname, '../../src/main.ts');
const MESH = [
  ...controlPlane('', '1.31.4'),
  namespace('shop', { 'istio-injection': 'enabled' }),
  pod({ namespace: 'shop', of: 'web', proxy: 'default@1.31.2' }),
  istioOperator('mesh', { status: 'HEALTHY', version: '1.31.4', istioVersion: '1.31' }),
];

let folder: string;
let kubeconfig: string;
let api: EchoApi;
const children: ChildProcess[] = [];

/** What an API server says of each kind that a report reads, and its objects. */
function answersOf(objects: readonly KubeObject[]): Map<string, unknown> {
  const answers = new Map<string, unknown>();
  const refs = [...Object.values(KIND).map(kindRefOf), ISTIO_OPERATOR, PROXY_ROLLOUT];
  for (const version of new Set(refs.map(({ apiVersion }) => apiVersion))) {
    const kinds = refs.filter(({ apiVersion }) => apiVersion === version).map(({ kind }) => kind);
    const resources = kinds.map((kind) => ({ name: `${kind.toLowerCase()}s`, kind, namespaced: true, verbs: [] }));
    answers.set(versionPath(version), { kind: 'APIResourceList', groupVersion: version, resources });
    for (const { name, kind } of resources) {
      const items = objects.filter((each) => each.kind === kind && each.apiVersion === version);
      answers.set(`${versionPath(version)}/${name}`, {
        kind: `${kind}List`,
        metadata: { resourceVersion: '1' },
        items,
      });
    }
  }
  return answers;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sailwright-dashboard-'));
  api = new EchoApi(answersOf(MESH));
  await api.start();
  kubeconfig = await api.writeKubeconfig(folder);
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});
afterAll(async () => {
  api?.stop();
  await rm(folder, { recursive: true, force: true });
});

interface Started {
  child: ChildProcess;
  said: { out: string; err: string };
  /** The exit code. */
  ended: Promise<number | null>;
}

function start(...args: string[]): Started {
  const child = spawn(process.execPath, [MAIN, ...args, '--kubeconfig', kubeconfig], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  const said = { out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => (said.out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (said.err += chunk.toString()));
  return { child, said, ended: once(child, 'close').then(([code]) => code as number | null) };
}

async function urlOf({ said }: Started): Promise<string> {
  await expect
    .poll(() => said.out, { timeout: 30_000 })
    .toMatch(/^http:\/\/127\.0\.0\.1:\d+\/ {2}\(Ctrl-C ends it\)\n$/);
  return said.out.split(' ')[0] ?? '';
}

function statusFor(url: string, host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request(`${url}api/v1/state`, { headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .once('error', reject)
      .end();
  });
}

it('serves the mesh until Ctrl-C, reads alone, and no Secrets', async () => {
  const dashboard = start('dashboard', '--port', '0');
  const url = await urlOf(dashboard);
  const answer = await fetch(`${url}api/v1/state`);
  expect(await answer.json()).toMatchObject({
    reportVersion: REPORT_VERSION,
    source: { kind: 'cluster', name: 'echo' },
    installations: [{ name: 'mesh', state: 'HEALTHY' }],
    proxies: [{ workload: 'web', stale: { reason: 'OtherVersion' } }],
  });
  const again = await fetch(`${url}api/v1/state`, { headers: { 'if-none-match': answer.headers.get('etag') ?? '' } });
  expect(again.status).toBe(304);
  expect(await statusFor(url, 'attacker.example.com')).toBe(421);
  expect((await fetch(url, { method: 'POST' })).status).toBe(405);
  dashboard.child.kill('SIGINT');
  expect(await dashboard.ended).toBe(0);
  expect(dashboard.said.err).toBe('');
  expect(api.requests.filter((each) => !each.startsWith('GET ') || each.includes('secret'))).toEqual([]);
});

it('says that a port is taken, and what to do', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  const dashboard = start('dashboard', '--port', String(port));
  expect(await dashboard.ended).toBe(2);
  expect(dashboard.said.err).toContain(`port ${port} cannot be had: something else listens there; name another`);
  other.close();
});

it('tells of a cluster that does not answer before anything is served', async () => {
  const dashboard = start('dashboard', '--port', '0', '--context', 'nowhere');
  expect(await dashboard.ended).toBe(2);
  expect(dashboard.said).toEqual({
    out: '',
    err: expect.stringContaining('has no context "nowhere", but echo') as string,
  });
});

it('writes a report of a cluster', async () => {
  const file = join(folder, 'report.html');
  const report = start('report', '-o', file);
  expect(await report.ended).toBe(0);
  expect(report.said.out).toContain('1 installation; 1 proxy, 1 of another version than a new pod would get');
  expect(await readFile(file, 'utf8')).toContain('"source":{"kind":"cluster","name":"echo"');
});
