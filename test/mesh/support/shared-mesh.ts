import { installMesh } from '../../../testbed/mesh/mesh.ts';
import type { RealEnvironment } from '../../../testbed/mesh/real-cluster.ts';

const INSTALLED = new WeakMap<RealEnvironment, Promise<void>>();

/**
 * Installs the mesh that suites share, once for a cluster: a suite that begins later must not take back what one beside
 * it has changed.
 */
export function installSharedMesh(environment: RealEnvironment): Promise<void> {
  const installed = INSTALLED.get(environment) ?? installMesh(environment.kubectl);
  INSTALLED.set(environment, installed);
  return installed;
}
