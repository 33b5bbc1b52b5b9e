import { resolve } from 'node:path';

import { errorText } from '../src/core/error-text.ts';
import { ensureBinaries } from './binaries.ts';
import type { Progress } from './build-progress.ts';
import { ensureTrafficImages } from './images/traffic-images.ts';
import { decidePaths, type ClusterPaths, type Component } from './launch-plan.ts';
import { LocalCluster, type ClusterSetup } from './local-cluster.ts';
import type { Fabric } from './real/fabric.ts';
import { checkHost, readHostFacts } from './real/host-facts.ts';
import { ensureImageStore } from './real/image-store.ts';
import { ensureNodePrograms, type NodePrograms } from './real/node-programs.ts';
import type { RealNode } from './real/real-node.ts';
import { RealSite } from './real/real-site.ts';
import { newRunFolder } from './run-folder.ts';
import { SimulatedSite } from './simulated-site.ts';
import type { Site } from './site.ts';
import { orAborted } from './wait.ts';

/** What a cluster should be like. */
export interface ClusterOptions {
  /** Number of nodes; 2 unless told. They are simulated, unless they are asked to be real. */
  readonly nodes?: number | RealNodes;
  /** An empty or new folder for all its files, kept afterwards; by default a new one in the cache folder. */
  readonly dir?: string;
  /** Hears what happens. */
  readonly onProgress?: Progress;
  /** Whether the API server writes its audit log; on unless told. */
  readonly auditLog?: boolean;
  /** Ends the start early, and what was started by then. */
  readonly signal?: AbortSignal;
}

/** Nodes that run containers. */
export interface RealNodes {
  readonly real: number;
  /**
   * Paths of OCI archives whose images every node has, under the names that the archives give them, beside those of
   * testbed/traffic. The last is unpacked upon the others: name last what changes most.
   */
  readonly images?: readonly string[];
}

/** A running cluster. */
export interface Cluster {
  /** Path of a kubeconfig with all rights. */
  readonly kubeconfig: string;
  readonly server: string;
  /** kubectl of the cluster's own version. */
  readonly kubectl: string;
  readonly dir: string;
  readonly logsDir: string;
  /** One JSON event per answered request; undefined when the audit log is off. */
  readonly auditLogPath: string | undefined;
  /** Process ids of what runs now. */
  readonly pids: readonly number[];
  /** Ends one process at once, as a crash would. */
  kill(component: Component): Promise<void>;
  /** Ends one process, if it runs, and starts it again on the same data and port; then waits for the API server. */
  restart(component: Component): Promise<void>;
  /** Ends everything and deletes the data; the logs stay. */
  stop(): Promise<void>;
}

/** A running cluster with real nodes. */
export interface RealCluster extends Cluster {
  readonly nodes: readonly RealNode[];
  /** The network of the cluster; nothing else reaches it, and it reaches nothing else. */
  readonly fabric: Fabric;
}

/** Starts a cluster and returns when its API server is ready, its nodes too, and namespace `default` can take pods. */
export async function startCluster(options: ClusterOptions & { readonly nodes: RealNodes }): Promise<RealCluster>;
export async function startCluster(options?: ClusterOptions): Promise<Cluster>;
export async function startCluster(options: ClusterOptions = {}): Promise<Cluster> {
  const nodes = options.nodes ?? 2;
  if (typeof nodes === 'number') return startSimulated(nodes, options);
  return startReal(nodes, options);
}

async function startSimulated(size: number, options: ClusterOptions): Promise<Cluster> {
  const binaries = await orAborted(ensureBinaries(options.onProgress), options.signal);
  const paths = await choosePaths(options);
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await startAt(await SimulatedSite.create(binaries, size), { paths, binaries }, options);
    } catch (error) {
      if (attempt >= 3 || !errorText(error).includes('address already in use')) throw error;
      options.onProgress?.('another program took a port: trying again with others');
    }
  }
}

async function startReal(nodes: RealNodes, options: ClusterOptions): Promise<RealCluster> {
  checkHost(await readHostFacts(), nodes.real);
  const { binaries, programs, images } = await orAborted(makeMaterial(nodes, options.onProgress), options.signal);
  const paths = await choosePaths(options);
  const site = await RealSite.create({ size: nodes.real, cluster: binaries.cluster, programs, images, paths });
  const cluster = await startAt(site, { paths, binaries }, options);
  return Object.assign(cluster, { nodes: site.nodes, fabric: site.fabric });
}

interface RealMaterial extends Pick<ClusterSetup, 'binaries'> {
  readonly programs: NodePrograms;
  /** Folder with unpacked images; undefined where there are none. */
  readonly images: string | undefined;
}

async function makeMaterial(nodes: RealNodes, onProgress?: Progress): Promise<RealMaterial> {
  const binaries = await ensureBinaries(onProgress);
  const programs = await ensureNodePrograms(onProgress);
  const archives = [...(await ensureTrafficImages(onProgress)), ...(nodes.images ?? [])];
  const images = await ensureImageStore(programs, [...new Set(archives)], onProgress);
  return { binaries, programs, images };
}

async function choosePaths(options: ClusterOptions): Promise<ClusterPaths> {
  return decidePaths(options.dir === undefined ? await newRunFolder() : resolve(options.dir));
}

async function startAt(
  site: Site,
  has: Pick<ClusterSetup, 'paths' | 'binaries'>,
  options: ClusterOptions,
): Promise<LocalCluster> {
  const onProgress = options.onProgress ?? (() => undefined);
  const started = performance.now();
  const cluster = new LocalCluster({
    ...has,
    site,
    audit: options.auditLog ?? true,
    ownDir: options.dir === undefined,
    ...(options.signal !== undefined && { signal: options.signal }),
  });
  try {
    await cluster.start(onProgress);
    onProgress(`cluster ready in ${((performance.now() - started) / 1000).toFixed(1)} s`);
    return cluster;
  } catch (error) {
    await cluster.stop();
    const { logs } = has.paths;
    throw new Error(`the embedded cluster did not start: ${errorText(error)}\nlogs: ${logs}`, { cause: error });
  }
}
