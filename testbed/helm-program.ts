import { join } from 'node:path';

import type { Progress } from './build-progress.ts';
import { ensureBuilt, type GoBuild } from './go-build.ts';

const HELM: GoBuild = {
  name: 'helm',
  title: 'helm',
  takes: '1 to 3 minutes with 2 cores',
  module: join(import.meta.dirname, 'helm'),
  package: 'tool',
};

/** Returns the path of `helm`, building it first when this machine has not yet built this version. */
export async function ensureHelm(onProgress?: Progress): Promise<string> {
  return join(await ensureBuilt(HELM, onProgress), 'helm');
}
