import { join } from 'node:path';

import type { Progress } from './build-progress.ts';
import { ensureBuilt, type GoBuild } from './go-build.ts';

const GRAFANA_TYPES: GoBuild = {
  name: 'grafana-types',
  title: 'Grafana’s types',
  takes: 'half a minute with 2 cores',
  module: join(import.meta.dirname, 'grafana'),
  package: '.',
  output: 'grafana-types',
  plain: ['all'],
};

/** Returns the path of a program that judges a dashboard on its standard input by Grafana's own types. */
export async function ensureGrafanaTypes(onProgress?: Progress): Promise<string> {
  return join(await ensureBuilt(GRAFANA_TYPES, onProgress), 'grafana-types');
}
