/** Who opens what, who sends where, and who answers: enough to say why a request gets where it does. */
export interface RouteMap {
  gateways: GatewayNode[];
  virtualServices: VirtualServiceNode[];
  /** Those that a route names. */
  services: ServiceNode[];
}

/** A Gateway of Istio's. */
export interface GatewayNode {
  /** `namespace/name`. */
  name: string;
  servers: { port: number; protocol: string; hosts: string[] }[];
  /** The pods that it configures, by workload. */
  workloads: WorkloadNode[];
}

export interface VirtualServiceNode {
  /** `namespace/name`. */
  name: string;
  /** Completed where they name a service of the cluster. */
  hosts: string[];
  /** `namespace/name`, or `mesh`. */
  gateways: string[];
  /** Of HTTP, in the order in which they are tried. */
  rules: RuleNode[];
}

export interface RuleNode {
  /** Field of the rule, such as `http[0]`. */
  field: string;
  name: string;
  /** One of them must hold; none means every request. */
  matches: MatchNode[];
  targets: TargetNode[];
  /** What happens in place of routing: `redirect`, `directResponse`, `delegate`; empty for a route. */
  instead: string;
}

/** Values of headers are not told: they may be secrets. */
export interface MatchNode {
  path?: { how: 'exact' | 'prefix' | 'regex'; value: string };
  ignoresCase: boolean;
  /** `namespace/name` or `mesh`, where not all gateways of the VirtualService are meant. */
  gateways?: string[];
  /** What else must hold, in words: `header x-user`, `method GET`. */
  others: string[];
}

export interface TargetNode {
  /** As in {@link ServiceNode}. */
  host: string;
  subset: string;
  /** 0 where the route names none. */
  port: number;
  /** Share in percent; of a mirror 0. */
  weight: number;
  isMirror: boolean;
}

export interface ServiceNode {
  host: string;
  /** `Service namespace/name`, `ServiceEntry namespace/name`; empty where nothing has the host. */
  from: string;
  workloads: WorkloadNode[];
  subsets: { name: string; labels: string; by: string; workloads: WorkloadNode[] }[];
}

export interface WorkloadNode {
  /** `Deployment shop/web`. */
  name: string;
  pods: number;
}
