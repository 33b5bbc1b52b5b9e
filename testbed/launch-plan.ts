import { join } from 'node:path';

import type { Component } from './server-process.ts';

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
  const resources = { cpu: '64', memory: '256Gi', 'ephemeral-storage': '1Ti', pods: '250' };
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

/** Decides the flags of one process. */
export function decideArguments(
  component: Component,
  paths: ClusterPaths,
  ports: ClusterPorts,
  audit: boolean,
): string[] {
  switch (component) {
    case 'etcd':
      return etcdArguments(paths, ports);
    case 'kube-apiserver':
      return apiserverArguments(paths, ports, audit);
    case 'kube-controller-manager':
      return controllerManagerArguments(paths);
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
  }
}

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

function apiserverArguments(paths: ClusterPaths, ports: ClusterPorts, audit: boolean): string[] {
  const pki = (name: string): string => join(paths.pki, name);
  const auditing = [
    `--audit-policy-file=${paths.auditPolicy}`,
    `--audit-log-path=${paths.auditLog}`,
    '--audit-log-maxsize=1000',
  ];
  return [
    `--etcd-servers=http://127.0.0.1:${ports.etcdClient}`,
    '--bind-address=127.0.0.1',
    '--advertise-address=127.0.0.1',
    // A loopback address is no valid endpoint of the `kubernetes` Service.
    '--endpoint-reconciler-type=none',
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
  ];
}
