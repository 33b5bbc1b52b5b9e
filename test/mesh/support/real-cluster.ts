// What each test of the true mesh starts from: two real nodes with our images on them.
import { buildOperatorArchive } from '../../../testbed/images/operator-archive.ts';
import { ensureTrafficImages } from '../../../testbed/images/traffic-images.ts';
import { startCluster, type RealCluster } from '../../../testbed/cluster.ts';
import { createKubectl, type Kubectl } from '../../../testbed/kubectl.ts';
import { findMissing, readHostFacts } from '../../../testbed/real/host-facts.ts';

/** Why this machine cannot run real nodes, for `describe.skipIf`; empty when it can. */
export const MISSING = findMissing(await readHostFacts());
if (MISSING.length > 0) console.warn(`skipped, because real nodes need ${MISSING.join(', ')}`);

/** A cluster with real nodes and its kubectl. */
export interface RealEnvironment {
  readonly cluster: RealCluster;
  readonly kubectl: Kubectl;
}

/** Starts two nodes with the operator's image, those of pods under test, and others that are given. */
export async function startRealCluster(moreImages: readonly string[] = []): Promise<RealEnvironment> {
  const onProgress = (line: string): void => void process.stderr.write(`  ${line}\n`);
  const images = [...(await ensureTrafficImages(onProgress)), await buildOperatorArchive(onProgress), ...moreImages];
  const cluster = await startCluster({ nodes: { real: 2, images }, onProgress });
  return { cluster, kubectl: createKubectl(cluster.kubectl, cluster.kubeconfig) };
}
