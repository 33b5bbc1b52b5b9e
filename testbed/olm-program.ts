import { join } from 'node:path';

import { KUBERNETES_PLAIN } from './binaries.ts';
import type { Progress } from './build-progress.ts';
import { ensureBuilt, type GoBuild } from './go-build.ts';

const OLM_RULES: GoBuild = {
  name: 'olm-rules',
  title: 'the rules of the Operator Lifecycle Manager',
  // Most of it is what the cluster's processes are made of, too: its go.mod names the same versions.
  takes: 'moments after the cluster, else half a minute with 2 cores',
  module: join(import.meta.dirname, 'olm'),
  package: '.',
  output: 'olm-rules',
  plain: KUBERNETES_PLAIN,
};

/** Returns the path of a program that judges the folder of a bundle by the rules of the Operator Lifecycle Manager. */
export async function ensureOlmRules(onProgress?: Progress): Promise<string> {
  return join(await ensureBuilt(OLM_RULES, onProgress), 'olm-rules');
}
