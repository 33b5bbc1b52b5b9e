import { isJsonObject, type JsonObject } from '../kube-object.ts';
import { validateAnnotations } from './annotations.ts';
import { CLUSTER_ENV, clusterEnvs } from './cluster-env.ts';
import { DEFAULT_CLUSTER, type CompiledInjectionConfig } from './compile-injection-config.ts';
import { annotationsOf } from './containers.ts';
import { decide, type InjectionDecision } from './decide.ts';
import { denying } from './denial.ts';
import { KnownForms } from './known-forms.ts';
import { detectNativeSidecar, type NodeVersions } from './native-sidecar.ts';
import { withoutAssignedUser } from './openshift-user.ts';
import { proxyIds } from './openshift-ids.ts';
import { reinsertOverrides } from './overrides.ts';
import { ownerOf, type PodOwner } from './pod-owner.ts';
import { effectiveProxyConfig, PROXY_CONFIG_ANNOTATION } from './proxy-config.ts';
import { proxyImage, proxyInitImage } from './proxy-image.ts';
import { stripPod } from './strip-pod.ts';
import { InjectionError, type Pod, type TemplateContext } from './template-context.ts';
import { typedPod } from './typed-pod.ts';

/** One pod to inject. */
export interface InjectionRequest {
  pod: Pod;
  /** Namespace of the admission request, for a pod that names none. */
  namespace: string;
  /** Path of the webhook's URL, such as `/inject/cluster/C/net/N`. */
  path?: string;
  /** Annotations of the namespace, which matter on OpenShift. */
  namespaceAnnotations?: Readonly<Record<string, string>>;
  /** The workload of the pod, when it is known; else it is guessed from the pod. */
  owner?: PodOwner;
}

/** A pod that is to be injected, with all that its templates ask for. */
export interface PreparedPod {
  decision: InjectionDecision;
  /** In the form of Kubernetes' types, in the namespace of the request. */
  pod: Pod;
  /** The same without the namespace of the request. */
  typed: Pod;
  known: KnownForms;
  proxyConfig: JsonObject;
  /** Variables that come from path, values and network label. */
  envs: Record<string, string>;
  context: TemplateContext;
}

/**
 * Reads the pod, decides, and finds what templates ask for; only the decision for a pod that is not to be injected.
 * @throws Denial for a pod that cannot be injected.
 */
export function prepareInjection(
  request: InjectionRequest,
  config: CompiledInjectionConfig,
): PreparedPod | { decision: InjectionDecision; pod?: undefined } {
  const known = new KnownForms();
  const typed = denying('InvalidPod', () => withContainers(typedForm(request, known)));
  const decoded = inNamespaceOf(request, typed);
  const decision = decide(decoded, decoded.metadata.namespace ?? '', config);
  if (!decision.inject) return { decision };
  const proxyConfig = proxyConfigOf(decoded, config);
  const pod = config.openShift ? withoutAssignedUser(decoded) : decoded;
  denying('InvalidAnnotation', () => validateAnnotations(annotationsOf(pod)));
  const envs = clusterEnvs(pod, request.path ?? '', config);
  const visible = denying('InvalidAnnotation', () => reinsertOverrides(stripPod(pod, config)));
  const context = templateContext({ pod, visible, proxyConfig, cluster: envs[CLUSTER_ENV] }, request, config);
  return { decision, pod, typed, known, proxyConfig, envs, context };
}

function typedForm({ pod }: InjectionRequest, known: KnownForms): Pod {
  if (!isJsonObject(pod)) throw new InjectionError('the object is no pod');
  return typedPod(pod, known);
}

function inNamespaceOf({ namespace }: InjectionRequest, pod: Pod): Pod {
  if (pod.metadata.namespace || namespace === '') return pod;
  return { ...pod, metadata: { ...pod.metadata, namespace } };
}

function withContainers(pod: Pod): Pod {
  return pod.spec.containers === null ? { ...pod, spec: { ...pod.spec, containers: [] } } : pod;
}

function proxyConfigOf({ metadata }: Pod, { proxyConfigs }: CompiledInjectionConfig): JsonObject {
  return effectiveProxyConfig(proxyConfigs, {
    namespace: metadata.namespace ?? '',
    labels: metadata.labels ?? {},
    annotation: metadata.annotations?.[PROXY_CONFIG_ANNOTATION],
  });
}

interface ContextPods {
  pod: Pod;
  /** The pod as templates see it. */
  visible: Pod;
  proxyConfig: JsonObject;
  /** The cluster that path or values name. */
  cluster: string | undefined;
}

function templateContext(
  { pod, visible, proxyConfig, cluster }: ContextPods,
  request: InjectionRequest,
  config: CompiledInjectionConfig,
): TemplateContext {
  const owner = request.owner ?? ownerOf(pod);
  const { uid, gid } = proxyIds(config.openShift ? request.namespaceAnnotations : undefined);
  const annotations = annotationsOf(visible);
  const imageType = isJsonObject(proxyConfig.image) ? proxyConfig.image.imageType : '';
  const image = proxyImage(config.images, typeof imageType === 'string' ? imageType : '', annotations);
  const nodeName = typeof pod.spec.nodeName === 'string' ? pod.spec.nodeName : '';
  return {
    ...owner,
    metadata: visible.metadata,
    spec: visible.spec,
    proxyConfig,
    meshConfig: config.mesh,
    values: config.values,
    revision: config.revision,
    nativeSidecars: detectNativeSidecar(config.nativeSidecars, nodesOf(cluster, config), nodeName),
    proxyImage: image,
    proxyInitImage: config.traits.hasOwnInitImage ? proxyInitImage(config.images, annotations) : image,
    proxyUid: uid,
    proxyGid: gid,
    inboundTrafficPolicyMode: config.inboundTrafficPolicyMode,
    compliancePolicy: config.compliancePolicy,
    traits: config.traits,
    environment: config.environment,
  };
}

/** Nodes of another cluster are not known. */
function nodesOf(
  cluster: string | undefined,
  { ownCluster, nodes }: CompiledInjectionConfig,
): NodeVersions | undefined {
  return (cluster ?? DEFAULT_CLUSTER) === ownCluster ? nodes : undefined;
}
