import type { JsonObject } from '../kube-object.ts';
import type { LabelSelector } from '../label-selector.ts';
import type { InjectionNode } from './native-sidecar.ts';
import type { ProxyConfigResource } from './proxy-config.ts';

/** Istiod's environment. Some of it decides injection; templates can read all of it. */
export interface InjectionEnvironment {
  readonly [name: string]: string | undefined;
  /** `auto` (default), `true` or `false`. */
  ENABLE_NATIVE_SIDECARS?: string;
  /** `openshift`: user and group of the proxy come from the namespace. */
  PLATFORM?: string;
  COMPLIANCE_POLICY?: string;
  /** The injector's own cluster, `Kubernetes` when not set: the nodes that it knows are of this cluster. */
  CLUSTER_ID?: string;
}

/**
 * Everything that decides an injection besides the pod. What the chart takes from the values (policy, selectors,
 * default templates, templates, injected annotations) is taken from there when it is not given.
 */
export interface InjectionConfig {
  /** The mesh configuration; what it leaves out gets istiod's defaults. */
  meshConfig?: JsonObject;
  /** Helm values: `global`, `sidecarInjectorWebhook`, `pilot`, `gateways`, `revision`. */
  values: JsonObject;
  revision?: string;
  /** Release of the control plane, such as `1.31.4`; the newest that is known when left out. */
  version?: string;
  policy?: string;
  neverInjectSelector?: readonly LabelSelector[] | null;
  alwaysInjectSelector?: readonly LabelSelector[] | null;
  defaultTemplates?: readonly string[] | null;
  aliases?: Readonly<Record<string, readonly string[]>> | null;
  /** Custom templates by name (Go text/template); one may replace a built-in template. */
  templates?: Readonly<Record<string, string>> | null;
  /** Templates of istiod's Gateway API controller, by name; pods are not injected with them. */
  gatewayTemplates?: Readonly<Record<string, string>>;
  injectedAnnotations?: Readonly<Record<string, string>> | null;
  env?: InjectionEnvironment;
  /** Nodes of the cluster; without them native sidecars are used only when switched on. */
  nodes?: readonly InjectionNode[];
  proxyConfigs?: readonly ProxyConfigResource[];
}
