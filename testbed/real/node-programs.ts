import { symlink } from 'node:fs/promises';
import { join } from 'node:path';

import { KUBERNETES_MODULE, KUBERNETES_PLAIN, KUBERNETES_STAMPS } from '../binaries.ts';
import type { Progress } from '../build-progress.ts';
import { ensureBuilt, type GoBuild } from '../go-build.ts';
import { ensureFirewallTools } from './firewall-tools.ts';

/** Folders with the programs of real nodes. */
export interface NodePrograms {
  /** testbed-machine, which makes fabrics and machines, and stands before runc. */
  readonly machine: string;
  /** kubelet, kube-proxy and the DNS server, all of them testbed-node. */
  readonly kubernetes: string;
  readonly containerd: string;
  readonly runc: string;
  /** CNI plugins. */
  readonly cni: string;
  /** nft, for kube-proxy, where the machine has none. */
  readonly firewall?: string;
}

const folder = (name: string): string => join(import.meta.dirname, '..', name);

const BUILDS: Readonly<Record<Exclude<keyof NodePrograms, 'firewall'>, GoBuild>> = {
  machine: {
    name: 'machine',
    title: 'machines',
    module: folder('machine'),
    package: '.',
    output: 'testbed-machine',
    finish: (built) => symlink('testbed-machine', join(built, 'runc')),
  },
  runc: { name: 'runc', title: 'runc', module: folder('runc'), package: 'tool', cgo: true },
  cni: { name: 'cni', title: 'the CNI plugins', module: folder('cni'), package: 'tool' },
  containerd: {
    name: 'containerd',
    title: 'containerd',
    takes: '2 to 5 minutes with 2 cores',
    module: folder('containerd'),
    package: 'tool',
    tags: ['no_btrfs', 'no_devmapper', 'no_zfs'],
  },
  kubernetes: {
    name: 'node',
    title: 'kubelet and kube-proxy',
    takes: '1 to 3 minutes with 2 cores',
    module: KUBERNETES_MODULE,
    package: './node',
    output: 'testbed-node',
    stamps: KUBERNETES_STAMPS,
    plain: KUBERNETES_PLAIN,
  },
};

/** Returns the programs, building first what this machine has not yet built. */
export async function ensureNodePrograms(onProgress?: Progress): Promise<NodePrograms> {
  // The quick ones first: what is missing for them shows at once.
  const firewall = await ensureFirewallTools(onProgress);
  const machine = await ensureBuilt(BUILDS.machine, onProgress);
  const runc = await ensureBuilt(BUILDS.runc, onProgress);
  const cni = await ensureBuilt(BUILDS.cni, onProgress);
  const containerd = await ensureBuilt(BUILDS.containerd, onProgress);
  const kubernetes = await ensureBuilt(BUILDS.kubernetes, onProgress);
  return { machine, kubernetes, containerd, runc, cni, ...(firewall === undefined ? {} : { firewall }) };
}
