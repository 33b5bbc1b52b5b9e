import { CONTROL_PLANE, PODS, podRange } from './addresses.ts';
import type { EtcFiles } from './etc-files.ts';

/** Image of the container that holds a pod's namespaces. */
export const PAUSE_IMAGE = 'testbed.local/pause:1';

const CONTAINERD_SOCKET = '/run/containerd/containerd.sock';
/** Link of the nodes' bridge that their pods are at. */
const POD_BRIDGE = 'cni0';

/** What a node has of its own in /etc. */
export function renderNodeFiles(name: string, number: number): EtcFiles {
  return {
    hostname: `${name}\n`,
    hosts: `127.0.0.1 localhost\n::1 localhost\n127.0.1.1 ${name}\n`,
    'resolv.conf': `nameserver ${CONTROL_PLANE}\n`,
    'kubernetes/kubelet.json': json(renderKubelet()),
    'kubernetes/kube-proxy.json': json(renderKubeProxy(name)),
    'containerd/config.toml': renderContainerd(),
    'cni/net.d/10-testbed.conflist': json(renderPodNetwork(number)),
  };
}

/** What the machine that only unpacks images has. */
export function renderImportFiles(): EtcFiles {
  return { 'containerd/config.toml': renderContainerd() };
}

function renderKubelet(): object {
  return {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: true },
      x509: { clientCAFile: '/etc/kubernetes/ca.crt' },
    },
    authorization: { mode: 'Webhook' },
    containerRuntimeEndpoint: `unix://${CONTAINERD_SOCKET}`,
    cgroupDriver: 'cgroupfs',
    failCgroupV1: false,
    failSwapOn: false,
    clusterDNS: [CONTROL_PLANE],
    clusterDomain: 'cluster.local',
    resolvConf: '/etc/resolv.conf',
    // How full this machine's disk is says nothing about the cluster.
    evictionHard: { 'memory.available': '100Mi', 'nodefs.available': '0%', 'imagefs.available': '0%' },
    imageGCHighThresholdPercent: 100,
    nodeStatusUpdateFrequency: '2s',
    nodeLeaseDurationSeconds: 10,
    // Changed Secrets and ConfigMaps arrive within seconds.
    syncFrequency: '5s',
    volumeStatsAggPeriod: '0s',
    registryPullQPS: 0,
    kubeAPIQPS: 100,
    kubeAPIBurst: 200,
    serializeImagePulls: false,
    oomScoreAdj: 0,
  };
}

function renderKubeProxy(name: string): object {
  return {
    apiVersion: 'kubeproxy.config.k8s.io/v1alpha1',
    kind: 'KubeProxyConfiguration',
    hostnameOverride: name,
    clientConnection: { kubeconfig: '/etc/kubernetes/kube-proxy.kubeconfig' },
    mode: 'nftables',
    clusterCIDR: PODS,
    detectLocalMode: 'BridgeInterface',
    detectLocal: { bridgeInterface: POD_BRIDGE },
    nftables: { minSyncPeriod: '100ms' },
    // They count for the whole machine, and only its own network may set them.
    conntrack: {
      maxPerCore: 0,
      min: 0,
      tcpEstablishedTimeout: '0s',
      tcpCloseWaitTimeout: '0s',
      udpTimeout: '0s',
      udpStreamTimeout: '0s',
    },
    healthzBindAddress: '127.0.0.1:10256',
    metricsBindAddress: '127.0.0.1:10249',
    oomScoreAdj: 0,
  };
}

function renderPodNetwork(number: number): object {
  return {
    cniVersion: '1.0.0',
    name: 'testbed',
    plugins: [
      {
        type: 'bridge',
        bridge: POD_BRIDGE,
        isDefaultGateway: true,
        hairpinMode: true,
        ipam: { type: 'host-local', dataDir: '/run/cni', ranges: [[{ subnet: podRange(number) }]] },
      },
      { type: 'portmap', capabilities: { portMappings: true }, backend: 'nftables' },
    ],
  };
}

function renderContainerd(): string {
  return `version = 3
root = "/var/lib/containerd"
state = "/run/containerd"

[grpc]
  address = "${CONTAINERD_SOCKET}"

[plugins."io.containerd.cri.v1.images"]
  snapshotter = "overlayfs"

[plugins."io.containerd.cri.v1.images".pinned_images]
  sandbox = "${PAUSE_IMAGE}"

[plugins."io.containerd.cri.v1.runtime"]
  # Lowering it takes a right that root need not have in a sandbox.
  restrict_oom_score_adj = true

[plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc]
  runtime_type = "io.containerd.runc.v2"

[plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc.options]
  BinaryName = "/run/testbed/machine/runc"
  SystemdCgroup = false

[plugins."io.containerd.cri.v1.runtime".cni]
  bin_dirs = ["/opt/cni/bin"]
  conf_dir = "/etc/cni/net.d"
`;
}

function json(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
