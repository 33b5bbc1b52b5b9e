import { REVISION_LABEL } from '../../api/istio-names.ts';
import { COMPONENT_LABEL, OWNER_NAME_LABEL } from '../../api/our-names.ts';
import type { ChartContext } from './chart.ts';
import { bare, firstTruthy, printed, valueAt } from '../values/value-tree.ts';
import type { Json, KubeObject } from '../kube-object.ts';

/** Name part of the `helm.sh/chart` label. */
export type ChartName = 'base' | 'istiod' | 'istio-ingress' | 'istio-egress' | 'cni' | 'ztunnel';

/** Helm's release name, which Istio's own tool fixes; selectors and tools rely on the labels that carry it. */
export const RELEASE_NAME = 'istio';

const MANAGER = { upstream: 'Helm', sailwright: 'sailwright' } as const;

const INSTANCE_LABEL = 'app.kubernetes.io/instance';

/**
 * Our value of the label by which Argo CD, where it tracks by label, knows what belongs to an Application of that name:
 * with Helm's, an Application `istio` would take the mesh for its own and prune it. Names of Applications and namespaces
 * have no capital letters, so none can be called this.
 */
const OUR_INSTANCE = 'Sailwright';

/**
 * The object with a label of instance that no Application can have. Pod templates keep theirs: a pod belongs to its
 * controller, and a label there restarts pods.
 */
export function withOwnInstance(object: KubeObject): KubeObject {
  const { labels } = object.metadata;
  if (labels?.[INSTANCE_LABEL] === undefined) return object;
  return { ...object, metadata: { ...object.metadata, labels: { ...labels, [INSTANCE_LABEL]: OUR_INSTANCE } } };
}

/** What `app.kubernetes.io/managed-by` says in this form. */
export function managerName(context: ChartContext): string {
  return MANAGER[context.form];
}

/** The labels that every object of a chart has. */
export function standardLabels(context: ChartContext, chart: ChartName): Record<string, string> {
  const version = context.chartVersion;
  return {
    'app.kubernetes.io/managed-by': managerName(context),
    [INSTANCE_LABEL]: RELEASE_NAME,
    'app.kubernetes.io/part-of': 'istio',
    'app.kubernetes.io/version': version,
    'helm.sh/chart': `${chart}-${version}`,
  };
}

/** `values.revision`, printed; the empty string for the default revision. */
export function revisionOf(context: ChartContext): string {
  return printed(valueAt(context.values, 'revision'));
}

/** The value of label `istio.io/rev`. */
export function revisionLabel(context: ChartContext): string {
  return revisionOf(context) || 'default';
}

/** `-REVISION`, or the empty string: the end of revisioned names. */
export function revisionSuffix(context: ChartContext): string {
  const revision = revisionOf(context);
  return revision === '' ? '' : `-${revision}`;
}

/**
 * A label value that upstream prints without quotes. In upstream's form text such as `1` then becomes a number; ours
 * keeps text, the only type that the API server takes.
 */
export function bareLabel(context: ChartContext, value: Json | undefined): string {
  return context.form === 'upstream' ? (bare(value) as string) : printed(value);
}

/** Labels that tie an object to a revision, an owner and a component. */
export function ownershipLabels(context: ChartContext, component: string): Record<string, string> {
  return {
    [REVISION_LABEL]: revisionLabel(context),
    [OWNER_NAME_LABEL]: bareLabel(context, firstTruthy(valueAt(context.values, 'ownerName')) ?? 'unknown'),
    [COMPONENT_LABEL]: component,
  };
}
