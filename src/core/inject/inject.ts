import { INTERCEPTION_MODE_ANNOTATION, STATUS_ANNOTATION } from '../../api/istio-names.ts';
import type { JsonObject } from '../kube-object.ts';
import { applyTemplates } from './apply-templates.ts';
import { NETWORK_ENV, NETWORK_LABEL, overwriteClusterEnvs } from './cluster-env.ts';
import type { CompiledInjectionConfig } from './compile-injection-config.ts';
import { annotationsOf, withAnnotations } from './containers.ts';
import { orderContainers } from './container-order.ts';
import type { InjectionDecision } from './decide.ts';
import { deniedBy, denying, type Denied } from './denial.ts';
import { isProxyFirst } from './hold-application.ts';
import { alignInitUser, reapplyOverrides } from './overrides.ts';
import { prepareInjection, type InjectionRequest, type PreparedPod } from './prepare-injection.ts';
import { rewriteProbes } from './probes.ts';
import { announceSecurePort, mergePrometheus } from './prometheus.ts';
import { statusText } from './status-annotation.ts';
import type { Pod } from './template-context.ts';

export type InjectionResult =
  | { outcome: 'skipped'; decision: InjectionDecision }
  | { outcome: 'injected'; decision: InjectionDecision; pod: Pod }
  | Denied;

/**
 * Injects a pod as Istio's webhook does. The pod that is given is not changed. A pod that cannot be injected is
 * denied, never half injected.
 */
export function inject(request: InjectionRequest, config: CompiledInjectionConfig): InjectionResult {
  try {
    const prepared = prepareInjection(request, config);
    const { decision } = prepared;
    if (!prepared.pod) return { outcome: 'skipped', decision };
    return { outcome: 'injected', decision, pod: injectedPod(prepared, request, config) };
  } catch (error) {
    return deniedBy(error);
  }
}

/** The pod with all that injection adds. @throws Denial */
export function injectedPod(prepared: PreparedPod, request: InjectionRequest, config: CompiledInjectionConfig): Pod {
  const { pod, proxyConfig, envs, context, known } = prepared;
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
  return withNamespaceOf(request.pod, orderContainers(marked, isProxyFirst(pod, config)));
}

/** The namespace that only the request names stays out of the pod: the API server sets it. */
function withNamespaceOf(original: Pod, injected: Pod): Pod {
  if (original.metadata?.namespace !== undefined || injected.metadata.namespace === undefined) return injected;
  const metadata = { ...injected.metadata };
  delete metadata.namespace;
  return { ...injected, metadata };
}

function isTproxy(pod: Pod, proxyConfig: JsonObject): boolean {
  return proxyConfig.interceptionMode === 'TPROXY' || annotationsOf(pod)[INTERCEPTION_MODE_ANNOTATION] === 'TPROXY';
}

function withLabel(pod: Pod, name: string, value: string): Pod {
  return { ...pod, metadata: { ...pod.metadata, labels: { ...pod.metadata.labels, [name]: value } } };
}
