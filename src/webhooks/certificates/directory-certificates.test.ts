import { mkdtemp, rm, symlink, rename, mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createSilentLog } from '../../telemetry/log.ts';
import { DirectoryCertificates } from './directory-certificates.ts';
import { issueCertificate, type IssuedCertificate } from './issue-certificate.ts';

let directory: string;
let source: DirectoryCertificates;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sailwright-certificates-'));
  source = new DirectoryCertificates({ directory: join(directory, 'mount'), log: createSilentLog(), intervalMs: 10 });
});

afterEach(async () => {
  await source.stop();
  await rm(directory, { recursive: true });
});

const issue = (): Promise<IssuedCertificate> =>
  issueCertificate({ names: ['a.svc'], now: Date.now(), lifetimeMs: 3_600_000 });

/** As the kubelet does: a new folder, and a link that is swapped. */
async function mount(name: string, files: { certificate: string; key: string; ca: string }): Promise<void> {
  const folder = join(directory, name);
  await mkdir(folder);
  await writeFile(join(folder, 'tls.crt'), files.certificate);
  await writeFile(join(folder, 'tls.key'), files.key);
  await writeFile(join(folder, 'ca.crt'), files.ca);
  await symlink(folder, join(directory, 'fresh'));
  await rename(join(directory, 'fresh'), join(directory, 'mount'));
}

/** Resolves with the first certificate that differs from the one given. */
function next(before?: string): Promise<string> {
  return new Promise((resolve) => {
    source.subscribe(({ certificate }) => certificate !== before && resolve(certificate));
  });
}

it('serves what is mounted, and what takes its place', async () => {
  const [first, second] = await Promise.all([issue(), issue()]);
  await mount('1', first);
  await source.start();
  expect(source.current).toMatchObject({ certificate: first.certificate, caBundle: first.ca });
  const changed = next(first.certificate);
  await mount('2', second);
  expect(await changed).toBe(second.certificate);
});

it('waits for files that are not there yet, and says so', async () => {
  await source.start();
  expect(source.problem).toContain('tls.crt');
  const appeared = next();
  const issued = await issue();
  await mount('1', issued);
  expect(await appeared).toBe(issued.certificate);
});

it('serves on with the last good pair while the files do not fit', async () => {
  const [first, second] = await Promise.all([issue(), issue()]);
  await mount('1', first);
  await source.start();
  await mount('2', { ...second, key: first.key });
  await expect.poll(() => source.problem).toContain('do not belong together');
  expect(source.current?.certificate).toBe(first.certificate);
});
