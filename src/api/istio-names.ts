/** Names of Istio that more than one part reads or writes; the annotations of one part alone stand there. */

/** On namespaces and pods: the revision, or tag, that injects. On the parts of a control plane: whose they are. */
export const REVISION_LABEL = 'istio.io/rev';
/** On the webhook configuration of a revision tag. */
export const TAG_LABEL = 'istio.io/tag';
/** On namespaces: `enabled` asks the default revision for injection. */
export const NAMESPACE_INJECTION_LABEL = 'istio-injection';
/** On pods: asks for a sidecar or refuses one. As an annotation too, which webhook selectors do not see. */
export const INJECT_LABEL = 'sidecar.istio.io/inject';
/** On namespaces and pods: `ambient` or `none`. */
export const DATAPLANE_MODE_LABEL = 'istio.io/dataplane-mode';
/** On pods: `istio` where clients may speak mutual TLS to them; injection sets it. */
export const TLS_MODE_LABEL = 'security.istio.io/tlsMode';
export const CANONICAL_NAME_LABEL = 'service.istio.io/canonical-name';
export const CANONICAL_REVISION_LABEL = 'service.istio.io/canonical-revision';
/** On the Services of gateways that istiod deploys. */
export const MANAGED_GATEWAY_LABEL = 'gateway.istio.io/managed';

/** On the pods of gateways that istiod deploys: the Gateway of the Gateway API. */
export const GATEWAY_NAME_LABEL = 'gateway.networking.k8s.io/gateway-name';

/** Marks an injected pod: what the injection added, and by which revision. */
export const STATUS_ANNOTATION = 'sidecar.istio.io/status';
export const INTERCEPTION_MODE_ANNOTATION = 'sidecar.istio.io/interceptionMode';
export const REWRITE_PROBES_ANNOTATION = 'sidecar.istio.io/rewriteAppHTTPProbers';
export const STATUS_PORT_ANNOTATION = 'status.sidecar.istio.io/port';
/** On Services: the namespaces that see them. */
export const EXPORT_TO_ANNOTATION = 'networking.istio.io/exportTo';

/** The container that runs Envoy, or ztunnel. */
export const PROXY_CONTAINER = 'istio-proxy';

/** Where a control plane usually is: what names no other means this one. */
export const USUAL_NAMESPACE = 'istio-system';

/** Namespaces of the cluster itself: never injected, and what is there is not judged. */
export const SYSTEM_NAMESPACES: readonly string[] = [
  'kube-system',
  'kube-public',
  'kube-node-lease',
  'local-path-storage',
];
