import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runSailwright, type Ended } from '../../../test/builders/run-sailwright.ts';
import { controlPlane, istioOperator, namespace, object, pod } from '../../../test/builders/small-mesh.ts';
import type { MeshReport } from '../../core/report/mesh-report.ts';

const MESH = [
  ...controlPlane('', '1.31.4'),
  namespace('shop', { 'istio-injection': 'enabled' }),
  pod({ namespace: 'shop', of: 'web', proxy: 'default@1.31.2' }),
  pod({ namespace: 'shop', of: 'job' }),
  object('networking.istio.io/v1', 'VirtualService', 'shop/<b></script>', { hosts: ['web'] }),
  istioOperator('mesh', { status: 'HEALTHY', version: '1.31.4', istioVersion: '1.31' }),
];

let folder: string;
let files: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sailwright-report-'));
  files = join(folder, 'mesh.yaml');
  writeFileSync(files, MESH.map((each) => JSON.stringify(each)).join('\n---\n'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

async function run(...args: string[]): Promise<Ended> {
  return runSailwright(['report', '-f', files, ...args]);
}

it('writes the state of a mesh as JSON', async () => {
  const { code, out, err } = await run('-o', '-');
  expect({ code, err }).toEqual({ code: 0, err: '' });
  const report = JSON.parse(out) as MeshReport;
  expect(report).toMatchObject({
    reportVersion: 1,
    source: { kind: 'files', name: files },
    installations: [{ name: 'mesh', state: 'HEALTHY' }],
    proxies: [{ namespace: 'shop', workload: 'web', stale: { reason: 'OtherVersion' } }],
    injection: { missed: [{ namespace: 'shop', workload: 'job', pods: 1 }] },
  });
});

it('says in a line what is in the file that it wrote', async () => {
  const file = join(folder, 'report.json');
  const { out } = await run('-o', file);
  expect(out).toMatch(
    /report\.json: 1 installation; 1 proxy, 1 of another version than a new pod would get; \d+ errors? and \d+ warnings?; 1 pod\s/,
  );
  expect(JSON.parse(readFileSync(file, 'utf8'))).toHaveProperty('reportVersion', 1);
});

describe('the page', () => {
  const page = async (): Promise<string> => {
    const file = join(folder, 'report.html');
    await run('-o', file);
    return readFileSync(file, 'utf8');
  };

  it('runs its own script alone, and loads nothing', async () => {
    const html = await page();
    const policy = /Content-Security-Policy" content="([^"]+)"/.exec(html)?.[1] ?? '';
    const script = /<script>(.*)<\/script>/s.exec(html)?.[1] ?? '';
    const style = /<style>(.*)<\/style>/s.exec(html)?.[1] ?? '';
    const hash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
    expect(policy.split('; ')).toEqual(
      expect.arrayContaining(["default-src 'none'", `script-src ${hash(script)}`, `style-src ${hash(style)}`]),
    );
    expect(policy).not.toContain('unsafe');
    expect(html).not.toMatch(/<(script|img|iframe)[^>]+src=|<link rel="stylesheet"/);
  });

  it('holds names that look like its end as data', async () => {
    const html = await page();
    const data = /<script type="application\/json" id="report">(.*?)<\/script>/s.exec(html)?.[1] ?? '';
    expect(JSON.parse(data)).toHaveProperty('routes.virtualServices.0.name', 'shop/<b></script>');
    expect(html.match(/<\/script>/g)).toHaveLength(2);
  });
});

describe('what cannot be used', () => {
  it.each<[args: string[], message: RegExp]>([
    [[], /report needs a file to write: -o report\.html/],
    [['-o', 'report.pdf'], /-o takes a file that ends in \.html or \.json, or "-", not "report\.pdf"/],
    [['-o', '-', 'more'], /Expected 0 arguments but got 1: more/],
    [['-o', '-', '--istio-version', '1.4'], /Istio 1\.4 is not supported/],
  ])('%j', async (args, message) => {
    const { code, err } = await run(...args);
    expect(code).toBe(2);
    expect(err).toMatch(message);
  });

  it('a folder that is not there is named, and why', async () => {
    const file = join(folder, 'no', 'report.json');
    const { code, err } = await run('-o', file);
    expect(code).toBe(2);
    expect(err).toContain(`${file}: cannot be written: `);
  });

  it('a file that cannot be read leaves no report behind', async () => {
    writeFileSync(files, 'kind: [');
    const file = join(folder, 'report.json');
    const { code, err } = await run('-o', file);
    expect(code).toBe(2);
    expect(err).toContain('mesh.yaml:');
    expect(existsSync(file)).toBe(false);
  });
});

it('every field is described in docs/reference/report.md', async () => {
  const { out } = await run('-o', '-');
  const described = readFileSync(join(import.meta.dirname, '../../../docs/reference/report.md'), 'utf8');
  const fields = new Set<string>();
  JSON.parse(out, (key: string, value: unknown) => {
    if (key !== '' && !/^\d+$/.test(key)) fields.add(key);
    return value;
  });
  expect([...fields].filter((field) => !described.includes(`\`${field}\``))).toEqual([]);
});
