import type { JsonObject, ObjectMeta } from '../kube-object.ts';
import type { IstioTraits } from '../istio/traits.ts';

/** A pod as injection reads and writes it: the JSON form of the Kubernetes type. */
export interface Pod {
  apiVersion?: string;
  kind?: string;
  metadata: Partial<ObjectMeta>;
  spec: JsonObject;
  status?: JsonObject;
}

/** What an injection template knows of the pod and of the mesh. */
export interface TemplateContext {
  /** Kind and apiVersion of the workload that owns the pod. */
  typeMeta: { apiVersion: string; kind: string };
  /** Name and namespace of the workload that owns the pod. */
  deploymentMeta: { name: string; namespace: string };
  /** Metadata of the pod as the template sees it: without what an earlier injection added. */
  metadata: Partial<ObjectMeta>;
  /** Spec of the pod as the template sees it. */
  spec: JsonObject;
  /** Effective ProxyConfig, in protojson form with camelCase names and defaults filled in. */
  proxyConfig: JsonObject;
  /** Effective MeshConfig, in protojson form with camelCase names and defaults filled in. */
  meshConfig: JsonObject;
  /** The subset of the Helm values that injection reads. */
  values: JsonObject;
  revision: string;
  nativeSidecars: boolean;
  /** Full image references of the proxy and of its init container. */
  proxyImage: string;
  proxyInitImage: string;
  proxyUid: number;
  proxyGid: number;
  inboundTrafficPolicyMode: string;
  compliancePolicy: string;
  /** What the release of the control plane does. */
  traits: IstioTraits;
  /** Istiod's environment. */
  environment: Readonly<Record<string, string | undefined>>;
}

/** What a template adds: metadata and spec that are merged onto the pod by strategic merge. */
export interface TemplateOutput {
  metadata?: Partial<ObjectMeta>;
  spec?: JsonObject;
}

/**
 * One injection template.
 * @throws InjectionError when the pod or the configuration does not allow a result.
 */
export type InjectionTemplate = (context: TemplateContext) => TemplateOutput;

/** Why a pod could not be injected: the message names the annotation, label or value that is wrong. */
export class InjectionError extends Error {
  override name = 'InjectionError';
}

/** A template does not take the pod, and says so by calling `fail`: nothing is wrong with the template. */
export class InjectionRefusal extends InjectionError {
  override name = 'InjectionRefusal';
}
