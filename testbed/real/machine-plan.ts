import type { NetworkPlan } from './addresses.ts';
import { nodeAddress } from './addresses.ts';

/** A program of a machine. */
export interface MachineProcess {
  readonly name: string;
  readonly argv: readonly string[];
  /** Waited for before the next process starts. */
  readonly socket?: string;
}

/** What testbed/machine makes a machine from; config.go there says more. */
export interface MachinePlan {
  readonly name: string;
  readonly cgroup: string;
  readonly data: string;
  readonly logs: string;
  readonly folders: Readonly<Record<string, string>>;
  readonly network?: NetworkPlan & { readonly fabricPid: number };
  readonly processes: readonly MachineProcess[];
  readonly jobs?: readonly MachineProcess[];
}

const IN_MACHINE = '/run/testbed';

/** The container runtime, which everything else of a node needs. */
export const CONTAINERD: MachineProcess = {
  name: 'containerd',
  argv: [`${IN_MACHINE}/containerd/containerd`, '--config=/etc/containerd/config.toml'],
  socket: '/run/containerd/containerd.sock',
};

/** The processes of a node, in starting order. */
export function decideNodeProcesses(name: string, number: number): MachineProcess[] {
  const kubernetes = `${IN_MACHINE}/kubernetes/testbed-node`;
  const zone = `testbed-${'abcdefghi'[number - 1] ?? 'a'}`;
  const labels = `topology.kubernetes.io/region=testbed,topology.kubernetes.io/zone=${zone}`;
  return [
    CONTAINERD,
    {
      name: 'kubelet',
      argv: [
        kubernetes,
        'kubelet',
        '--config=/etc/kubernetes/kubelet.json',
        '--kubeconfig=/etc/kubernetes/kubelet.kubeconfig',
        `--hostname-override=${name}`,
        `--node-ip=${nodeAddress(number)}`,
        `--node-labels=${labels}`,
      ],
    },
    { name: 'kube-proxy', argv: [kubernetes, 'kube-proxy', '--config=/etc/kubernetes/kube-proxy.json'] },
  ];
}

/** Unpacks archives, given by their paths in the machine, and ends. */
export function decideImportJobs(archives: readonly string[]): MachineProcess[] {
  return archives.map((archive, index) => ({
    name: `import-${index + 1}`,
    argv: [`${IN_MACHINE}/containerd/ctr`, '--namespace=k8s.io', 'images', 'import', archive],
  }));
}
