import type { IstioRelease } from '../istio/release.ts';
import type { KubeObject } from '../kube-object.ts';
import type { Problem } from '../problem.ts';
import type { StoredResource } from './stored-resource.ts';

/** A pod with a proxy of the revision. */
export interface ProxyFact {
  name: string;
  namespace: string;
  /** By the tag of its image; undefined for an image whose tag is no release. */
  version: string | undefined;
}

/** A definition of the Gateway API. */
export interface GatewayApiFact {
  /** Such as `tcproutes.gateway.networking.k8s.io`. */
  definition: string;
  /** Such as `v1.2.0`; undefined where the definition does not say. */
  bundle: string | undefined;
  /** Whether there are resources of the kind. */
  isUsed: boolean;
}

/** What was seen before an upgrade. */
export interface PrecheckFacts {
  from: IstioRelease;
  to: IstioRelease;
  /** Of the API server, such as `v1.33.1`. */
  kubeVersion: string;
  /** Environment variables of istiod and proxies that the resource sets. */
  variables: readonly string[];
  /** What rendering the resource for the new release warns of. */
  warnings: readonly Problem[];
  proxies: readonly ProxyFact[];
  gatewayApi: readonly GatewayApiFact[];
  /** Deployments, autoscalers and budgets of the mesh, as they are in the cluster. */
  workloads: readonly KubeObject[];
  /** One sentence for each injector of others that takes the same pods. */
  conflicts: readonly string[];
  envoyFilters: readonly KubeObject[];
  /** What is stored and would be refused, or could not be judged. */
  resources: readonly StoredResource[];
}
