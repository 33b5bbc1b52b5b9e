// The bundle for the Operator Lifecycle Manager, by the manager's own rules.
import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { ensureOlmRules } from '../../testbed/olm-program.ts';
import { renderBundle } from '../../tools/olm/render-bundle.ts';

const hasGo = spawnSync('go', ['version']).status === 0;
if (!hasGo) console.warn('the bundle by the rules of OLM: skipped, they are built by Go, which is not there');

describe.skipIf(!hasGo)('the rules of the Operator Lifecycle Manager', () => {
  let program: string;
  beforeAll(async () => {
    program = await ensureOlmRules((line) => process.stderr.write(`  ${line}\n`));
  });

  async function judge(change: (path: string, text: string) => string): Promise<string[]> {
    const folder = await mkdtemp(join(tmpdir(), 'sailwright-bundle-'));
    try {
      for (const [path, text] of renderBundle('1.2.3', 'reg.example/sailwright:1.2.3')) {
        await mkdir(dirname(join(folder, path)), { recursive: true });
        await writeFile(join(folder, path), change(path, text));
      }
      return spawnSync(program, [folder], { encoding: 'utf8' }).stdout.trim().split('\n');
    } finally {
      await rm(folder, { recursive: true });
    }
  }

  it('take the bundle', async () => {
    const said = await judge((_path, text) => text);
    expect(said).toEqual([
      // Istio's own definitions are a part of the mesh that it installs.
      expect.stringMatching(/^warning: .*CSV contains permissions to create CRD/),
      // AnalysisReports are written by the operator, and rollouts name a mesh of their own.
      expect.stringMatching(/^warning: .*provided API should have an example annotation/),
      expect.stringMatching(/^warning: .*provided API should have an example annotation/),
    ]);
  });

  it('refuse a kind that the version does not own', async () => {
    const said = await judge((path, text) =>
      path.includes('clusterserviceversion') ? text.replace('kind: TrafficShift\n', 'kind: TrafficShaft\n') : text,
    );
    expect(said).toContainEqual(expect.stringMatching(/^error: .*TrafficSh[ai]ft/));
  });
});
