import type { AdminApi } from './admin-api.ts';
import type { ClusterPorts, Component } from './launch-plan.ts';

/** A started API server, and how to wait for something without waiting for dead processes. */
export interface StartedCluster {
  readonly api: AdminApi;
  readonly wait: (description: string, check: () => Promise<boolean>) => Promise<void>;
}

/** Where the processes of a control plane run, and what nodes it has. */
export interface Site {
  /** The control plane's ports, as it sees them. */
  readonly ports: ClusterPorts;
  /** Where nodes reach the control plane; undefined where nothing does. */
  readonly address?: string;
  /** The API server's address from here. */
  readonly server: string;
  readonly components: readonly Component[];
  /** Names of the nodes that need certificates. */
  readonly nodeNames: readonly string[];
  /** Number of nodes. */
  readonly size: number;
  /** The command that runs a process of the control plane at this site. */
  command(component: Component, args: readonly string[]): [string, ...string[]];
  /** Brings the nodes into being; the cluster waits until they are Ready. */
  startNodes(cluster: StartedCluster): Promise<void>;
  /** Says what died; undefined while all is well. */
  failure(): string | undefined;
  /** Ends what the site itself has started, after the control plane has ended. */
  stop(): Promise<void>;
}
