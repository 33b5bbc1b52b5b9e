import { join } from 'node:path';

import { KUBERNETES_PLAIN } from './binaries.ts';
import type { Progress } from './build-progress.ts';
import { ensureBuilt, type GoBuild } from './go-build.ts';

const ARGO: GoBuild = {
  name: 'argo',
  title: 'Argo CD’s engine',
  // Some of it is what the cluster's processes are made of, too: its go.mod names the same versions.
  takes: 'a minute or two after the cluster, with 2 cores',
  module: join(import.meta.dirname, 'argo'),
  package: '.',
  output: 'argo',
  plain: KUBERNETES_PLAIN,
};

/** Returns the path of a program that holds objects by Argo CD's own engine. */
export async function ensureArgo(onProgress?: Progress): Promise<string> {
  return join(await ensureBuilt(ARGO, onProgress), 'argo');
}
