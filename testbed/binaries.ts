import { symlink } from 'node:fs/promises';
import { join } from 'node:path';

import type { Progress } from './build-progress.ts';
import { ensureBuilt, isBuilt, type GoBuild } from './go-build.ts';

/** The one program that holds etcd, the Kubernetes processes and kwok, and `kubectl`, a link to it. */
export interface Binaries {
  readonly cluster: string;
  readonly kubectl: string;
}

const KUBERNETES = { major: '1', minor: '36', version: 'v1.36.3' };

/** The module that all Kubernetes processes come from. */
export const KUBERNETES_MODULE = join(import.meta.dirname, 'cluster');

/** What tells Kubernetes its version. Unset, it calls itself v0.0.0-master, which clients that compare cannot use. */
export const KUBERNETES_STAMPS: Readonly<Record<string, string>> = Object.fromEntries(
  ['k8s.io/component-base/version', 'k8s.io/client-go/pkg/version'].flatMap((name) => [
    [`${name}.gitVersion`, KUBERNETES.version],
    [`${name}.gitMajor`, KUBERNETES.major],
    [`${name}.gitMinor`, KUBERNETES.minor],
  ]),
);

/**
 * Most of what is compiled for Kubernetes: what answers, decides and watches. What encodes, stores and encrypts, the
 * machinery below, is not among it.
 */
export const KUBERNETES_PLAIN: readonly string[] = [
  'k8s.io/kubernetes/...',
  'k8s.io/client-go/...',
  'k8s.io/kubectl/...',
  'k8s.io/apiextensions-apiserver/...',
  'k8s.io/kube-aggregator/...',
  'sigs.k8s.io/kustomize/...',
  'sigs.k8s.io/kwok/...',
];

const CLUSTER: GoBuild = {
  name: 'cluster',
  title: `Kubernetes ${KUBERNETES.version}, etcd and kwok`,
  takes: '5 to 10 minutes with 2 cores',
  module: KUBERNETES_MODULE,
  package: '.',
  output: 'testbed-cluster',
  stamps: KUBERNETES_STAMPS,
  plain: KUBERNETES_PLAIN,
  finish: (folder) => symlink('testbed-cluster', join(folder, 'kubectl')),
};

/** Whether a cluster could start at once. */
export function hasBinaries(): Promise<boolean> {
  return isBuilt(CLUSTER);
}

/** Returns the binaries, building them first when this machine has not yet built these very sources. */
export async function ensureBinaries(onProgress?: Progress): Promise<Binaries> {
  const folder = await ensureBuilt(CLUSTER, onProgress);
  return { cluster: join(folder, 'testbed-cluster'), kubectl: join(folder, 'kubectl') };
}
