import { join } from 'node:path';

import { LOAD_BALANCERS } from './real/addresses.ts';

/** The processes of a cluster, in starting order; kwok where nodes are simulated, addons where they are real. */
export const COMPONENTS = [
  'etcd',
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'kwok',
  'addons',
] as const;

/** Name of one process of a cluster. */
export type Component = (typeof COMPONENTS)[number];

/** Where a cluster keeps its things. */
export interface ClusterPaths {
  readonly dir: string;
  readonly pki: string;
  readonly etcdData: string;
  readonly logs: string;
  readonly auditLog: string;
  readonly auditPolicy: string;
  readonly kubeconfig: string;
}

/** The loopback ports of a cluster. */
export interface ClusterPorts {
  readonly etcdClient: number;
  readonly etcdPeer: number;
  readonly apiserver: number;
}

/** Decides the folder layout below `dir`. */
export function decidePaths(dir: string): ClusterPaths {
  return {
    dir,
    pki: join(dir, 'pki'),
    etcdData: join(dir, 'etcd'),
    logs: join(dir, 'logs'),
    auditLog: join(dir, 'logs', 'audit.log'),
    auditPolicy: join(dir, 'audit-policy.json'),
    kubeconfig: join(dir, 'kubeconfig'),
  };
}

/** The API server's address. */
export function serverUrl(ports: ClusterPorts): string {
  return `https://127.0.0.1:${ports.apiserver}`;
}

/** Path of the kubeconfig of one client of the cluster. */
export function clientKubeconfig(paths: ClusterPaths, client: string): string {
  return join(paths.pki, `${client}.kubeconfig`);
}

/** A kubeconfig (JSON is YAML) that holds its certificates, so that the one file is enough. */
export function renderKubeconfig(server: string, user: string, pem: { ca: Buffer; cert: Buffer; key: Buffer }): string {
  const name = 'sailwright-testbed';
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster: { server, 'certificate-authority-data': pem.ca.toString('base64') } }],
    users: [
      {
        name: user,
        user: { 'client-certificate-data': pem.cert.toString('base64'), 'client-key-data': pem.key.toString('base64') },
      },
    ],
    contexts: [{ name, context: { cluster: name, user } }],
    'current-context': name,
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}

/** Every request to a resource gets one line when it is answered: who, what, which object, with what result. */
export function renderAuditPolicy(): string {
  const policy = {
    apiVersion: 'audit.k8s.io/v1',
    kind: 'Policy',
    omitStages: ['RequestReceived', 'ResponseStarted'],
    rules: [{ level: 'None', nonResourceURLs: ['*'] }, { level: 'Metadata' }],
  };
  return `${JSON.stringify(policy, null, 2)}\n`;
}

/** A node for kwok to bring to life, one zone each. */
export function renderNode(index: number): object {
  const name = `node-${index + 1}`;
  const resources = { cpu: '64', memory: '256Gi', 'ephemeral-storage': '1Ti', pods: '1000' };
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      labels: {
        'kubernetes.io/arch': 'amd64',
        'kubernetes.io/hostname': name,
        'kubernetes.io/os': 'linux',
        'topology.kubernetes.io/region': 'testbed',
        'topology.kubernetes.io/zone': `testbed-${'abcdefghijklmnopqrstuvwxyz'[index % 26] ?? 'a'}`,
      },
    },
    status: { allocatable: resources, capacity: resources },
  };
}

/** What the flags of a cluster's processes follow from. */
export interface LaunchPlan {
  readonly paths: ClusterPaths;
  readonly ports: ClusterPorts;
  readonly audit: boolean;
  /** Where nodes and pods reach the control plane; undefined where they are simulated and only loopback is served. */
  readonly address?: string;
}

/** Decides the flags of one process. */
export function decideArguments(component: Component, plan: LaunchPlan): string[] {
  const { paths, ports, address } = plan;
  switch (component) {
    case 'etcd':
      return etcdArguments(paths, ports);
    case 'kube-apiserver':
      return [...apiserverArguments(plan), ...(address === undefined ? LOOPBACK_ONLY : serveNodes(paths, address))];
    case 'kube-controller-manager':
      return [...controllerManagerArguments(paths), ...(address === undefined ? [] : NOTICE_DEAD_NODES)];
    case 'kube-scheduler':
      return [
        `--kubeconfig=${clientKubeconfig(paths, component)}`,
        '--leader-elect=false',
        '--secure-port=0',
        '--kube-api-qps=200',
        '--kube-api-burst=400',
      ];
    case 'kwok':
      return [
        `--kubeconfig=${clientKubeconfig(paths, component)}`,
        `--config=${join(paths.pki, 'stages.yaml')}`,
        '--manage-all-nodes=true',
        '--node-lease-duration-seconds=40',
        '--cidr=10.244.0.1/16',
        '--node-ip=10.0.0.1',
        '--node-port=0',
      ];
    case 'addons':
      return [
        `--kubeconfig=${clientKubeconfig(paths, component)}`,
        `--dns=${address}:53`,
        `--load-balancers=${LOAD_BALANCERS}`,
      ];
  }
}

const LOOPBACK_ONLY = [
  '--bind-address=127.0.0.1',
  '--advertise-address=127.0.0.1',
  // A loopback address is no valid endpoint of the `kubernetes` Service.
  '--endpoint-reconciler-type=none',
];

function serveNodes(paths: ClusterPaths, address: string): string[] {
  return [
    '--bind-address=0.0.0.0',
    `--advertise-address=${address}`,
    `--kubelet-client-certificate=${join(paths.pki, 'kubelet-client.crt')}`,
    `--kubelet-client-key=${join(paths.pki, 'kubelet-client.key')}`,
    '--kubelet-preferred-address-types=InternalIP',
    // Webhooks are called at the pods' own addresses: no kube-proxy runs beside the API server.
    '--enable-aggregator-routing=true',
  ];
}

/** A node that does not answer is found within seconds. */
const NOTICE_DEAD_NODES = ['--node-monitor-period=1s', '--node-monitor-grace-period=12s'];

function etcdArguments(paths: ClusterPaths, ports: ClusterPorts): string[] {
  const client = `http://127.0.0.1:${ports.etcdClient}`;
  const peer = `http://127.0.0.1:${ports.etcdPeer}`;
  return [
    `--data-dir=${paths.etcdData}`,
    `--listen-client-urls=${client}`,
    `--advertise-client-urls=${client}`,
    `--listen-peer-urls=${peer}`,
    `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=default=${peer}`,
    '--log-level=warn',
    // Data need not survive a crash of the machine, and slow disks would make every write wait.
    '--unsafe-no-fsync=true',
  ];
}

function apiserverArguments({ paths, ports, audit }: LaunchPlan): string[] {
  const pki = (name: string): string => join(paths.pki, name);
  const auditing = [
    `--audit-policy-file=${paths.auditPolicy}`,
    `--audit-log-path=${paths.auditLog}`,
    '--audit-log-maxsize=1000',
  ];
  return [
    `--etcd-servers=http://127.0.0.1:${ports.etcdClient}`,
    `--secure-port=${ports.apiserver}`,
    `--client-ca-file=${pki('ca.crt')}`,
    `--tls-cert-file=${pki('apiserver.crt')}`,
    `--tls-private-key-file=${pki('apiserver.key')}`,
    '--authorization-mode=Node,RBAC',
    '--anonymous-auth=false',
    '--allow-privileged=true',
    '--service-account-issuer=https://kubernetes.default.svc.cluster.local',
    `--service-account-key-file=${pki('service-account.pub')}`,
    `--service-account-signing-key-file=${pki('service-account.key')}`,
    '--service-cluster-ip-range=10.96.0.0/16',
    '--enable-priority-and-fairness=false',
    '--max-requests-inflight=1000',
    '--max-mutating-requests-inflight=1000',
    ...(audit ? auditing : []),
  ];
}

function controllerManagerArguments(paths: ClusterPaths): string[] {
  const pki = (name: string): string => join(paths.pki, name);
  return [
    `--kubeconfig=${clientKubeconfig(paths, 'kube-controller-manager')}`,
    '--leader-elect=false',
    '--secure-port=0',
    '--use-service-account-credentials=true',
    `--service-account-private-key-file=${pki('service-account.key')}`,
    `--root-ca-file=${pki('ca.crt')}`,
    `--cluster-signing-cert-file=${pki('ca.crt')}`,
    `--cluster-signing-key-file=${pki('ca.key')}`,
    '--cluster-cidr=10.244.0.0/16',
    '--allocate-node-cidrs=false',
    '--kube-api-qps=200',
    '--kube-api-burst=400',
    // What waits for the least pods of an autoscaler is not to wait for its round of 15 s.
    '--horizontal-pod-autoscaler-sync-period=2s',
  ];
}
