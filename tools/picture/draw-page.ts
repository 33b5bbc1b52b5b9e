import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { chromium } from 'playwright-core';
import { ensureBrowser } from '../../testbed/browser/ensure-browser.ts';
import { OPERATOR_PROGRAM } from '../../testbed/operator-process.ts';
import { createKubectl, type Kubectl } from '../../testbed/kubectl.ts';
import { waitFor } from '../../testbed/wait.ts';
import type { DemoMesh } from './play-demo.ts';

const run = promisify(execFile);

/** What somebody sees who opens it. */
const VIEWPORT = { width: 1200, height: 860 };

/** Its label asks for an injector that is not there. */
const LOST = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'lost', labels: { 'istio.io/rev': 'gone' } } };

/** Draws the page of a mesh with an application: `PREFIX-light.png` and `PREFIX-dark.png`. */
export async function drawPage({ kubeconfig, kubectl: program }: DemoMesh, prefix: string): Promise<void> {
  await prepareMesh(createKubectl(program, kubeconfig));
  const folder = await mkdtemp(join(tmpdir(), 'sailwright-picture-'));
  try {
    const page = join(folder, 'report.html');
    await run(process.execPath, [OPERATOR_PROGRAM, 'report', '-o', page, '--kubeconfig', kubeconfig]);
    await photograph(page, prefix);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** An application with its routes, and a namespace with a mistake. */
async function prepareMesh(kubectl: Kubectl): Promise<void> {
  await kubectl(['apply', '-f', 'samples/app', '-f', 'samples/canary/destination-rule.yaml', '-f', 'samples/gateway']);
  await kubectl(['apply', '-f', 'samples/canary/shared.yaml', '-f', 'samples/mtls/my-app.yaml']);
  for (const version of ['v1', 'v2']) {
    await kubectl(['-n', 'my-app', 'rollout', 'status', `deployment/my-app-${version}`, '--timeout=120s']);
  }
  await kubectl(['apply', '-f', '-'], JSON.stringify(LOST));
  const conditions = ['-n', 'istio-system', 'get', 'iop', 'istio', '-o', 'jsonpath={.status.conditions[*].reason}'];
  const isTold = async (): Promise<boolean> => (await kubectl(conditions)).includes('LabelsWithoutInjector');
  await waitFor('the operator to miss the injector', isTold, { timeoutMs: 120_000 });
}

async function photograph(page: string, prefix: string): Promise<void> {
  const browser = await chromium.launch({ executablePath: await ensureBrowser(), args: ['--no-sandbox'] });
  try {
    for (const colorScheme of ['light', 'dark'] as const) {
      const tab = await browser.newPage({ viewport: VIEWPORT, colorScheme });
      await tab.goto(pathToFileURL(page).href);
      await tab.getByRole('heading', { name: 'Installations' }).waitFor();
      await tab.screenshot({ path: `${prefix}-${colorScheme}.png` });
    }
  } finally {
    await browser.close();
  }
}
