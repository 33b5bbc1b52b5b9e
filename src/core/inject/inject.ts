import { INTERCEPTION_MODE_ANNOTATION, STATUS_ANNOTATION } from '../../api/istio-names.ts';
import { isJsonObject, type JsonObject } from '../kube-object.ts';
import { validateAnnotations } from './annotations.ts';
import { applyTemplates } from './apply-templates.ts';
import { CLUSTER_ENV, clusterEnvs, NETWORK_ENV, NETWORK_LABEL, overwriteClusterEnvs } from './cluster-env.ts';
import { DEFAULT_CLUSTER, type CompiledInjectionConfig } from './compile-injection-config.ts';
import { annotationsOf, withAnnotations } from './containers.ts';
import { orderContainers } from './container-order.ts';
import { decide, type InjectionDecision } from './decide.ts';
import type { DenialReason } from './denial-reason.ts';
import { KnownForms } from './known-forms.ts';
import { detectNativeSidecar, type NodeVersions } from './native-sidecar.ts';
import { withoutAssignedUser } from './openshift-user.ts';
import { proxyIds } from './openshift-ids.ts';
import { alignInitUser, reapplyOverrides, reinsertOverrides } from './overrides.ts';
import { ownerOf, type PodOwner } from './pod-owner.ts';
import { rewriteProbes } from './probes.ts';
import { announceSecurePort, mergePrometheus } from './prometheus.ts';
import { effectiveProxyConfig, parsedAnnotation, PROXY_CONFIG_ANNOTATION } from './proxy-config.ts';
import { proxyImage, proxyInitImage } from './proxy-image.ts';
import { statusText } from './status-annotation.ts';
import { stripPod } from './strip-pod.ts';
import { InjectionError, InjectionRefusal, type Pod, type TemplateContext } from './template-context.ts';
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

export type InjectionResult =
  | { outcome: 'skipped'; decision: InjectionDecision }
  | { outcome: 'injected'; decision: InjectionDecision; pod: Pod }
  | { outcome: 'denied'; reason: DenialReason; message: string };

/** A failure together with what kind it is. */
class Denial extends Error {
  readonly reason: DenialReason;
  constructor(reason: DenialReason, message: string, cause: unknown) {
    super(message, { cause });
    this.reason = reason;
  }
}

/**
 * Injects a pod as Istio's webhook does. The pod that is given is not changed. A pod that cannot be injected is
 * denied, never half injected.
 */
export function inject(request: InjectionRequest, config: CompiledInjectionConfig): InjectionResult {
  try {
    const known = new KnownForms();
    const pod = denying('InvalidPod', () => decoded(request, known));
    const decision = decide(pod, pod.metadata.namespace ?? '', config);
    if (!decision.inject) return { outcome: 'skipped', decision };
    const injected = injectedPod({ pod, known }, request, config);
    return { outcome: 'injected', decision, pod: withNamespaceOf(request.pod, injected) };
  } catch (error) {
    if (error instanceof Denial) return { outcome: 'denied', reason: error.reason, message: error.message };
    throw error;
  }
}

function denying<T>(reason: DenialReason, step: () => T): T {
  try {
    return step();
  } catch (error) {
    if (error instanceof InjectionRefusal) throw new Denial('TemplateRefused', error.message, error);
    if (error instanceof InjectionError) throw new Denial(reason, error.message, error);
    throw error;
  }
}

function decoded({ pod, namespace }: InjectionRequest, known: KnownForms): Pod {
  if (!isJsonObject(pod)) throw new InjectionError('the object is no pod');
  const typed = withContainers(typedPod(pod, known));
  if (typed.metadata.namespace || namespace === '') return typed;
  return { ...typed, metadata: { ...typed.metadata, namespace } };
}

function withContainers(pod: Pod): Pod {
  return pod.spec.containers === null ? { ...pod, spec: { ...pod.spec, containers: [] } } : pod;
}

/** The namespace that only the request names stays out of the pod: the API server sets it. */
function withNamespaceOf(original: Pod, injected: Pod): Pod {
  if (original.metadata?.namespace !== undefined || injected.metadata.namespace === undefined) return injected;
  const metadata = { ...injected.metadata };
  delete metadata.namespace;
  return { ...injected, metadata };
}

interface DecodedPod {
  pod: Pod;
  known: KnownForms;
}

function injectedPod(
  { pod: decodedPod, known }: DecodedPod,
  request: InjectionRequest,
  config: CompiledInjectionConfig,
): Pod {
  const proxyConfig = proxyConfigOf(decodedPod, config);
  const pod = config.openShift ? withoutAssignedUser(decodedPod) : decodedPod;
  denying('InvalidAnnotation', () => validateAnnotations(annotationsOf(pod)));
  const envs = clusterEnvs(pod, request.path ?? '', config);
  const visible = denying('InvalidAnnotation', () => reinsertOverrides(stripPod(pod, config)));
  const context = templateContext({ pod, visible, proxyConfig, cluster: envs[CLUSTER_ENV] }, request, config);
  const applied = denying('TemplateFailed', () => applyTemplates(pod, config, context, known));
  const overridden = denying('InvalidOverride', () => reapplyOverrides(applied.pod, pod, applied.templateSpec));
  const aligned = alignInitUser(overridden, pod, isTproxy(overridden, proxyConfig));
  const scraped = denying('InvalidAnnotation', () => mergePrometheus(overwriteClusterEnvs(aligned, envs), config));
  const announced = config.traits.announcesSecurePort ? announceSecurePort(scraped) : scraped;
  const probed = rewriteProbes(announced, {
    setting: config.rewriteProbes,
    statusPort: config.statusPort,
  });
  const network = envs[NETWORK_ENV];
  const labelled = network === undefined ? probed : withLabel(probed, NETWORK_LABEL, network);
  const marked = withAnnotations(labelled, {
    [STATUS_ANNOTATION]: statusText(applied.templateSpec, config.revision),
    ...config.injectedAnnotations,
  });
  return orderContainers(marked, isProxyFirst(pod, config));
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

function isTproxy(pod: Pod, proxyConfig: JsonObject): boolean {
  return proxyConfig.interceptionMode === 'TPROXY' || annotationsOf(pod)[INTERCEPTION_MODE_ANNOTATION] === 'TPROXY';
}

function withLabel(pod: Pod, name: string, value: string): Pod {
  return { ...pod, metadata: { ...pod.metadata, labels: { ...pod.metadata.labels, [name]: value } } };
}

const HOLD = 'holdApplicationUntilProxyStarts';

/** Whether the application waits for the proxy. ProxyConfig resources do not count here, only mesh and annotation. */
function isProxyFirst(pod: Pod, { mesh, holdInValues }: CompiledInjectionConfig): boolean {
  const annotation = annotationsOf(pod)[PROXY_CONFIG_ANNOTATION];
  const general = isJsonObject(mesh.defaultConfig) ? mesh.defaultConfig : {};
  const own = annotation === undefined ? {} : parsedAnnotation(annotation);
  const decisive = Object.hasOwn(own, HOLD) ? own : general;
  return holdInValues || decisive[HOLD] === true;
}
