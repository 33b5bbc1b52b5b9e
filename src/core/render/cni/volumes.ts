import type { ChartContext } from '../chart.ts';
import { bareLabel } from '../labels.ts';
import { isOn, valueAt } from '../../values/value-tree.ts';
import type { JsonObject } from '../../kube-object.ts';

function hostPath(name: string, path: string, type?: string): JsonObject {
  return { name, hostPath: { path, ...(type === undefined ? {} : { type }) } };
}

/** The folder of CNI plugins on the node. Without a setting, GKE's image is told by the server's version. */
function pluginFolder(context: ChartContext): string {
  if (isOn(context.values, 'cniBinDir')) return bareLabel(context, valueAt(context.values, 'cniBinDir'));
  return context.kubeVersion.includes('-gke') ? '/home/kubernetes/bin' : '/opt/cni/bin';
}

/** Repair in place and ambient both enter the network namespaces of pods through /proc. */
function entersPods({ values }: ChartContext): boolean {
  return isOn(values, 'repair.repairPods') || isOn(values, 'ambient.enabled');
}

/** Folders of the node that the agent writes plugins, configuration and sockets to. */
export function agentVolumes(context: ChartContext): JsonObject[] {
  const { values } = context;
  const ztunnelSocket = hostPath('cni-ztunnel-sock-dir', '/var/run/ztunnel', 'DirectoryOrCreate');
  return [
    hostPath('cni-bin-dir', pluginFolder(context)),
    ...(entersPods(context) ? [hostPath('cni-host-procfs', '/proc', 'Directory')] : []),
    ...(isOn(values, 'ambient.enabled') ? [ztunnelSocket] : []),
    hostPath('cni-net-dir', bareLabel(context, valueAt(values, 'cniConfDir'))),
    hostPath('cni-socket-dir', '/var/run/istio-cni'),
    // The folder may not exist until the node runs its first pod with a network of its own.
    hostPath('cni-netns-dir', bareLabel(context, valueAt(values, 'cniNetnsDir')), 'DirectoryOrCreate'),
  ];
}

/** Where the agent's container sees them. */
export function agentMounts(context: ChartContext): JsonObject[] {
  const ambientMounts = [
    { mountPath: '/host/var/run/netns', mountPropagation: 'HostToContainer', name: 'cni-netns-dir' },
    { mountPath: '/var/run/ztunnel', name: 'cni-ztunnel-sock-dir' },
  ];
  return [
    { mountPath: '/host/opt/cni/bin', name: 'cni-bin-dir' },
    ...(entersPods(context) ? [{ mountPath: '/host/proc', name: 'cni-host-procfs', readOnly: true }] : []),
    { mountPath: '/host/etc/cni/net.d', name: 'cni-net-dir' },
    { mountPath: '/var/run/istio-cni', name: 'cni-socket-dir' },
    ...(isOn(context.values, 'ambient.enabled') ? ambientMounts : []),
  ];
}
