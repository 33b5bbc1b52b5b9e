import { REVISION_LABEL } from '../../../api/istio-names.ts';
import { ownershipLabels, revisionSuffix, standardLabels } from '../labels.ts';
import { isOn, str } from '../../values/value-tree.ts';
import type { ChartContext } from '../chart.ts';

/** Name of istiod's Deployment, Service, ServiceAccount and Role. */
export function istiodName(context: ChartContext): string {
  return `istiod${revisionSuffix(context)}`;
}

/** The namespace that Istio's identity is bound to; the release namespace may be another. */
export function istioNamespace(context: ChartContext): string {
  return str(context.values, 'global.istioNamespace');
}

/** Whether an istiod runs in this cluster. */
export function runsIstiod(context: ChartContext): boolean {
  return (
    !isOn(context.values, 'istiodRemote.enabled') || isOn(context.values, 'istiodRemote.enabledLocalInjectorIstiod')
  );
}

/** Whether an istiod, here or elsewhere, reads this cluster's configuration and needs rights in it. */
export function needsIstiodRights(context: ChartContext): boolean {
  return runsIstiod(context) || isOn(context.values, 'global.configCluster');
}

/** Name of a cluster-scoped object that is one per revision and release namespace. */
export function clusterScopedName(context: ChartContext, prefix: string): string {
  return `${prefix}${revisionSuffix(context)}-${context.namespace}`;
}

/** The standard labels plus the recommended `name`. */
export function nameLabels(context: ChartContext, name = 'istiod'): Record<string, string> {
  return { 'app.kubernetes.io/name': name, ...standardLabels(context, 'istiod') };
}

/** Labels of objects that carry rights: app and release only. */
export function rightsLabels(context: ChartContext, app = 'istiod'): Record<string, string> {
  return { app, release: 'istio', ...nameLabels(context, app) };
}

/** Labels of ConfigMaps: revision, owner, component. */
export function pilotLabels(context: ChartContext): Record<string, string> {
  return { ...ownershipLabels(context, 'Pilot'), release: 'istio', ...nameLabels(context) };
}

/** Labels of the objects that make up the running istiod. */
export function workloadLabels(context: ChartContext): Record<string, string> {
  return { app: 'istiod', istio: 'pilot', ...pilotLabels(context) };
}

/** Selects istiod's pods: by revision, or by the legacy label that only the default revision has. */
export function podSelector(context: ChartContext): Record<string, string> {
  const suffix = revisionSuffix(context);
  return suffix === '' ? { app: 'istiod', istio: 'pilot' } : { app: 'istiod', [REVISION_LABEL]: suffix.slice(1) };
}
