// Two real nodes with our images on them: what the mesh tests and the mesh demo start from.
import type { Progress } from '../build-progress.ts';
import { startCluster, type RealCluster } from '../cluster.ts';
import { buildOperatorArchive } from '../images/operator-archive.ts';
import { ensureTrafficImages } from '../images/traffic-images.ts';
import { createKubectl, type Kubectl } from '../kubectl.ts';
import { orAborted } from '../wait.ts';

/** A cluster with real nodes and its kubectl. */
export interface RealEnvironment {
  readonly cluster: RealCluster;
  readonly kubectl: Kubectl;
}

/** How nodes are started. */
export interface RealStart {
  /** Archives of images that the nodes have beside those of the operator and of testbed/traffic. */
  readonly images?: readonly string[];
  /** Hears what happens; standard error does unless told. */
  readonly onProgress?: Progress;
  /** Ends the start early, and what was started by then. */
  readonly signal?: AbortSignal;
}

export const tellStderr: Progress = (line) => void process.stderr.write(`  ${line}\n`);

/** Starts two nodes with the operator's image, that of pods to see a mesh by, and others that are given. */
export async function startRealCluster({ images = [], ...start }: RealStart = {}): Promise<RealEnvironment> {
  const { onProgress = tellStderr, signal } = start;
  const archives = await orAborted(makeArchives(images, onProgress), signal);
  const cluster = await startCluster({
    nodes: { real: 2, images: archives },
    onProgress,
    ...(signal !== undefined && { signal }),
  });
  return { cluster, kubectl: createKubectl(cluster.kubectl, cluster.kubeconfig) };
}

/** The operator's, which changes most, is the last. */
async function makeArchives(images: readonly string[], onProgress: Progress): Promise<string[]> {
  return [...(await ensureTrafficImages(onProgress)), ...images, await buildOperatorArchive(onProgress)];
}
