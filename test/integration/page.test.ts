// The page of `sailwright report` and `sailwright dashboard` in a browser: what is seen, by whom, and how fast.
import axe from 'axe-core';
import { gzipSync } from 'node:zlib';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LiveReport, snapshotOf } from '../../src/dashboard/live-report.ts';
import type { PageAssets } from '../../src/dashboard/page-assets.ts';
import { reportDocument } from '../../src/dashboard/page-document.ts';
import { startPageServer, type PageServer } from '../../src/dashboard/page-server.ts';
import type { KubeObject } from '../../src/core/kube-object.ts';
import { toMeshState } from '../../src/core/mesh/mesh-state.ts';
import { computeReport, type ReportInput } from '../../src/core/report/compute-report.ts';
import { ensureBrowser } from '../../testbed/browser/ensure-browser.ts';
import { bundlePage } from '../../tools/bundle-page.ts';
import { controlPlane, istioOperator, namespace, object, pod } from '../builders/small-mesh.ts';

/** The issue that asked for the page. */
const MAX_GZIP = 80 * 1024;
const PODS_OF_A_NAMESPACE = 50;

let folder: string;
let assets: PageAssets;
let browser: Browser;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sailwright-page-'));
  await bundlePage(folder);
  const [script, style] = await Promise.all(
    ['page.js', 'page-style.css'].map((name) => readFile(join(folder, name), 'utf8')),
  );
  assets = { script: script ?? '', style: style ?? '' };
  // In a container nobody may make the namespaces of its sandbox; only pages of ours are opened.
  browser = await chromium.launch({ executablePath: await ensureBrowser(), args: ['--no-sandbox'] });
});
afterAll(async () => {
  await browser?.close();
  await rm(folder, { recursive: true, force: true });
});

/** A mesh in which something of everything is the matter. */
function mesh(pods: number): KubeObject[] {
  const condition = { type: 'Ready', status: 'True', reason: 'Installed', message: '' };
  const status = {
    status: 'HEALTHY',
    version: '1.31.4',
    istioVersion: '1.31',
    conditions: [{ ...condition, lastTransitionTime: '2026-11-01T00:00:00Z' }],
    componentStatus: { Pilot: { status: 'HEALTHY', version: '1.31.4' }, Cni: { status: 'ERROR', error: 'no room' } },
  };
  const namespaces = Array.from({ length: Math.ceil(pods / PODS_OF_A_NAMESPACE) }, (_, at) => `team-${at}`);
  return [
    ...controlPlane('', '1.31.4'),
    istioOperator('mesh', status),
    ...namespaces.map((name) => namespace(name, { 'istio-injection': 'enabled' })),
    namespace('lost', { 'istio.io/rev': 'gone' }),
    ...Array.from({ length: pods }, (_, at) =>
      pod({
        namespace: namespaces[at % namespaces.length] ?? '',
        of: `app-${at}`,
        ...(at % 40 === 7 ? {} : { proxy: at % 10 === 3 ? 'default@1.31.2' : 'default@1.31.4' }),
      }),
    ),
    ...changes(),
    kiali(),
    object('security.istio.io/v1', 'PeerAuthentication', 'team-0/default', { mtls: { mode: 'STRICT' } }),
    object('networking.istio.io/v1', 'VirtualService', 'team-0/web', {
      hosts: ['web'],
      http: [{ route: [{ destination: { host: 'nowhere' } }] }],
    }),
  ];
}

/** One of each kind that goes by steps, on its way. */
function changes(): KubeObject[] {
  const gates = [
    { name: 'containers', result: 'good', message: '8 pods' },
    { name: 'successRate', result: 'unknown', message: 'no answer within 10 s' },
  ];
  const going = {
    phase: 'Soaking',
    step: 0,
    steps: 2,
    since: '2026-11-28T11:56:00Z',
    nextAt: '2026-11-28T12:06:00Z',
    message: 'its gates are watched',
    gates,
  };
  const change = (kind: string, name: string, more: { spec?: object; status: object }): KubeObject => ({
    ...object('sailwright.dev/v1alpha1', kind, name, { ...more.spec }),
    status: more.status,
  });
  const counts = { workloads: 30, current: 5, stale: 24, underWay: 1, renewed: 4, blocked: 1 };
  const workload = { kind: 'Deployment', namespace: 'team-0', name: 'lonely' };
  const blocked = [{ ...workload, reason: 'SingleReplica', message: 'its only pod would have to go' }];
  const report = [
    { reason: 'PlaintextCallers', blocks: true, count: 1, names: ['legacy/cron'], message: 'it sends plain text' },
  ];
  return [
    change('ProxyRollout', 'istio-system/to-green', {
      status: { ...going, wave: 'canary', waves: 2, counts, blocked },
    }),
    change('TrafficShift', 'team-0/reviews', {
      spec: { route: { name: 'reviews' } },
      status: { ...going, weight: 5, target: 5, owner: { manager: 'sailwright-shift' } },
    }),
    change('MutualTLSMigration', 'team-1/strict', {
      status: { ...going, phase: 'Paused', step: 1, mode: 'PERMISSIVE', policy: 'default', report },
    }),
  ];
}

function kiali(): KubeObject {
  const service = object('v1', 'Service', 'istio-system/kiali', { ports: [{ name: 'http', port: 20001 }] });
  return { ...service, metadata: { ...service.metadata, labels: { app: 'kiali' } } };
}

function inputOf(objects: readonly KubeObject[]): ReportInput {
  return {
    source: { kind: 'cluster', name: 'test', sailwright: '0' },
    surroundings: { now: Date.parse('2026-11-28T12:00:00Z'), readCertificate: () => undefined },
    mesh: toMeshState({ objects, unread: [] }, 'istio-system'),
  };
}

/** Opens a page, and fails where its policy or its script complains. */
async function open(url: string, options: Parameters<Browser['newPage']>[0] = {}): Promise<Page> {
  const page = await browser.newPage(options);
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  await page.goto(url);
  await page.getByRole('heading', { name: 'Installations' }).waitFor();
  return page;
}
const complaints: string[] = [];

async function writeReport(pods: number): Promise<string> {
  const file = join(folder, `report-${pods}.html`);
  await writeFile(file, reportDocument(computeReport(inputOf(mesh(pods))), assets));
  return `file://${file}`;
}

it('has a script of less than 80 kB', () => {
  expect(gzipSync(assets.script).byteLength).toBeLessThan(MAX_GZIP);
});

describe('the report', () => {
  let page: Page;
  beforeAll(async () => {
    page = await open(await writeReport(100));
  });
  afterAll(() => page.close());

  it('says what is the matter, within its own policy', async () => {
    const text = await page.getByRole('main').innerText();
    for (const part of ['istio-system/mesh', 'no room', 'OtherVersion', 'IST0101', 'istio.io/rev=gone', 'Binding']) {
      expect(text).toContain(part);
    }
    expect(complaints).toEqual([]);
    expect(await page.getByRole('link', { name: 'Kiali' }).getAttribute('href')).toBe('http://localhost:20001/kiali/');
  });

  it('says of changes by steps where they stand, what comes when, and what is in the way', async () => {
    const text = await page.getByRole('region', { name: 'Changes' }).innerText();
    for (const part of [
      ...['istio-system/to-green', 'canary (1 of 2)', '4 minutes ago', 'in 6 minutes', 'SingleReplica'],
      ...['team-0/reviews', 'VirtualService/reviews', '5 % (1 of 2)', 'sailwright-shift'],
      ...['team-1/strict', 'strict (2 of 2)', 'PERMISSIVE', 'PlaintextCallers', 'legacy/cron'],
      ...['successRate', 'unknown', 'no answer within 10 s'],
    ]) {
      expect(text).toContain(part);
    }
  });

  it('is filtered by words', async () => {
    const table = page.getByRole('region', { name: 'Workloads, those of another version first' });
    await page.getByLabel('Filter').fill('team-1 app-13');
    await expect.poll(() => table.getByRole('row').count()).toBe(2);
    await page.getByLabel('Filter').fill('');
    await expect.poll(() => table.getByRole('row').count()).toBe(26);
  });

  it('is used by the keyboard alone', async () => {
    const fresh = await open(await writeReport(100));
    await fresh.keyboard.press('Tab');
    expect(await fresh.evaluate('document.activeElement?.textContent')).toContain('Skip to the content');
    await fresh.keyboard.press('Enter');
    await expect.poll(() => fresh.evaluate('document.activeElement?.id')).toBe('content');
    const table = fresh.getByRole('region', { name: 'Workloads, those of another version first' });
    const more = fresh.getByRole('button', { name: /^Show .* more$/ }).first();
    await more.focus();
    await fresh.keyboard.press('Enter');
    await expect.poll(() => table.getByRole('row').count()).toBeGreaterThan(26);
    await fresh.close();
  });

  it('says why a request gets where it does', async () => {
    await page.getByLabel('Host').fill('web.team-0');
    const rules = page.getByRole('region', { name: 'Rules, from a pod with a sidecar' });
    await rules.getByText('it takes every request').waitFor();
    const drawing = page.getByRole('img', { name: 'From a pod with a sidecar: where the request goes' });
    expect(await drawing.textContent()).toContain('Service: not found');
    await page.getByLabel('Host').fill('unknown.example.com');
    await page.getByText('knows unknown.example.com').waitFor();
    await page.getByLabel('Host').fill('');
  });
});

describe.each([
  ['light', 1280],
  ['dark', 1280],
  ['light', 400],
] as const)('%s, %i pixels wide', (colorScheme, width) => {
  it('has nothing serious against its accessibility, and does not run out of the screen', async () => {
    const page = await open(await writeReport(100), { colorScheme, viewport: { width, height: 900 } });
    await page.getByLabel('Host').fill('web.team-0');
    await page.getByRole('img').waitFor();
    // Evaluated by the browser's debugger, which the policy of the page does not bind.
    await page.evaluate(axe.source);
    const found = await page.evaluate(async () => {
      const { violations } = await (globalThis as unknown as { axe: typeof axe }).axe.run();
      return violations.map(({ id, impact, nodes }) => `${impact} ${id}: ${nodes[0]?.html}`);
    });
    expect(found).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
    await page.close();
  });
});

it('draws no more of 5,000 pods than somebody asks for', async () => {
  const page = await open(await writeReport(5_000));
  expect(await page.getByRole('main').innerText()).toContain('25 of 4,875');
  expect(await page.locator('tr').count()).toBeLessThan(400);
  const paint = await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime);
  await page.evaluate(() => performance.mark('filter'));
  await page.getByLabel('Filter').fill('app-4321');
  await page.getByText('1, filtered from 4,875').waitFor();
  const update = await page.evaluate(
    () => performance.now() - (performance.getEntriesByName('filter')[0]?.startTime ?? 0),
  );
  // For the reader of the log: times depend on the machine.
  console.log(`5,000 pods: first paint ${Math.round(paint ?? 0)} ms, filtered after ${Math.round(update)} ms`);
  await page.close();
});

describe('the dashboard', () => {
  let server: PageServer;
  let objects = mesh(10);
  let now = 0;
  beforeAll(async () => {
    const live = new LiveReport({
      read: () => Promise.resolve(snapshotOf(computeReport(inputOf(objects)))),
      now: () => now,
    });
    server = await startPageServer({ port: 0, assets, snapshot: () => live.snapshot() });
  });
  afterAll(() => server?.stop());

  it('follows the mesh, and says when nobody answers any more', async () => {
    const page = await open(server.url);
    expect(await page.getByRole('main').innerText()).not.toContain('late-comer');
    objects = [...objects, namespace('late-comer', { 'istio.io/rev': 'gone' })];
    now += 60_000;
    await page.getByRole('cell', { name: 'Namespace late-comer' }).first().waitFor();
    await server.stop();
    await page.getByRole('status').getByText('does not answer').waitFor();
    expect(await page.getByRole('main').innerText()).toContain('late-comer');
    // A call under way when it ended is reset, each later one refused.
    expect(complaints.filter((text) => !/ERR_CONNECTION_(REFUSED|RESET)/.test(text))).toEqual([]);
    await page.close();
  });
});
