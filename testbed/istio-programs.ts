import { join } from 'node:path';

import type { Progress } from './build-progress.ts';
import { ensureBuilt, type GoBuild } from './go-build.ts';
import { runGo } from './go-command.ts';

/** The Go module that names the version of Istio. */
export const ISTIO_MODULE = join(import.meta.dirname, 'istio');
/** Of the same version; it needs more than what runs in a cluster. */
const ISTIOCTL_MODULE = join(import.meta.dirname, 'istioctl');

/** Returns the folder of istiod, its agent and its CNI plugin, which call themselves by this version. */
export function ensureIstioPrograms(version: string, onProgress?: Progress): Promise<string> {
  const programs: GoBuild = {
    name: 'istio',
    title: 'istiod, its agent and its CNI plugin',
    takes: '8 to 16 minutes with 2 cores',
    module: ISTIO_MODULE,
    package: 'tool',
    stamps: versionStamp(version),
  };
  return ensureBuilt(programs, onProgress);
}

/** Returns the path of Istio's own command line, which calls itself by this version. */
export async function ensureIstioctl(version: string, onProgress?: Progress): Promise<string> {
  const istioctl: GoBuild = {
    name: 'istioctl',
    title: 'istioctl (once per machine, some minutes with 2 cores)',
    module: ISTIOCTL_MODULE,
    package: 'tool',
    stamps: versionStamp(version),
  };
  return join(await ensureBuilt(istioctl, onProgress), 'istioctl');
}

function versionStamp(version: string): Record<string, string> {
  return { 'istio.io/istio/pkg/version.buildVersion': version };
}

/** Returns the folder of the charts that Istio's sources bring. */
export async function findIstioCharts(): Promise<string> {
  const [folder = ''] = await runGo(['list', '-m', '-f', '{{.Dir}}', 'istio.io/istio'], { folder: ISTIO_MODULE });
  return join(folder, 'manifests/charts');
}
