import { REVISION_LABEL } from '../../../api/istio-names.ts';
import type { ChartContext } from '../chart.ts';
import { bareLabel, standardLabels } from '../labels.ts';
import { userTexts } from '../quoted.ts';
import { entryIf, firstTruthy, isTruthy, objectAt, valueAt } from '../../values/value-tree.ts';
import type { ObjectMeta } from '../../kube-object.ts';

/** Name of all objects: `resourceName`, or `ztunnel`. */
export function ztunnelName(context: ChartContext): string {
  return bareLabel(context, firstTruthy(valueAt(context.values, 'resourceName')) ?? 'ztunnel');
}

/** Labels of every ztunnel object. */
export function ztunnelLabels(context: ChartContext): Record<string, string> {
  return { 'app.kubernetes.io/name': 'ztunnel', ...standardLabels(context, 'ztunnel') };
}

/** The user's labels for top-level objects. */
export function userLabels(context: ChartContext): Record<string, string> {
  return userTexts(context, objectAt(context.values, 'labels'));
}

/** The user's annotations, and the revision where there is one. */
export function ztunnelAnnotations(context: ChartContext): Pick<ObjectMeta, 'annotations'> {
  const { values } = context;
  const revision = valueAt(values, 'revision');
  const annotations = {
    ...objectAt(values, 'annotations'),
    ...(isTruthy(revision) && revision !== undefined ? { [REVISION_LABEL]: revision } : {}),
  };
  return entryIf('annotations', userTexts(context, annotations));
}

/** Whether objects of this scope are wanted. The chart's values are flattened, so the setting stands at the top. */
export function isWanted({ values }: ChartContext, scope: 'namespace' | 'cluster'): boolean {
  const wanted = valueAt(values, 'resourceScope');
  return wanted === 'all' || wanted === scope;
}
