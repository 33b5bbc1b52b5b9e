// `npm run demo -- --mesh`, as somebody sees it who pipes it into a file and ends it with Ctrl-C.
import { spawn } from 'node:child_process';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { waitFor } from '../../testbed/wait.ts';
import { findRemains, readTree } from '../mesh/support/host-traces.ts';
import { MISSING } from '../mesh/support/missing.ts';

const COMMAND = join(import.meta.dirname, '../../testbed/demo/command.ts');
/** The first start builds everything; what comes after it has limits of its own. */
const TIMEOUT_MS = 3_600_000;

describe.skipIf(MISSING.length > 0)('the demo of the true mesh', () => {
  it(
    'shows identities, weights and a refused outsider, and leaves nothing when it is ended',
    async () => {
      const { KUBECONFIG: _, ...env } = process.env;
      const child = spawn(process.execPath, [COMMAND, '--mesh'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
      let said = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
      const exit = new Promise<number | null>((resolve) => child.once('exit', resolve));
      const isOver = (): boolean => said.includes('Ctrl-C ends') || child.exitCode !== null;
      await waitFor('the demo to show all', isOver, { timeoutMs: TIMEOUT_MS });
      for (const line of [
        /shop\/frontend -> reviews v1: answered, by mTLS as spiffe:\/\/cluster\.local\/ns\/shop\/sa\/frontend/,
        /shop\/frontend -> reviews v2: answered, by mTLS/,
        /outside\/outsider -> reviews v\d: answered, in plain text/,
        /requests are shared 90 to 10: shop\/frontend: \d+ answered \(v1 \d+, v2 \d+\)/,
        /STRICT[\s\S]*outside\/outsider -> reviews: refused \(connection reset\)/,
        /the outsider is refused, \d+ times in a row/,
      ]) {
        expect(said).toMatch(line);
      }
      const tree = await readTree(child.pid ?? 0);
      expect(tree.namespaces).not.toEqual([]);
      child.kill('SIGINT');
      expect(await exit).toBe(0);
      await waitFor('nothing to be left', async () => (await findRemains(tree)).length === 0);
    },
    TIMEOUT_MS,
  );
});
