import { displayName, isJsonObject, type KubeObject } from '../../core/kube-object.ts';
import { isSelected, selectorText, type LabelSelector } from '../../core/label-selector.ts';
import type { GateVerdict } from '../../core/steps/step-plan.ts';
import { judgeWorkload } from '../../core/traffic-shift/judge-workload.ts';
import { ApiError } from '../../kube/errors.ts';
import type { ShiftPass } from './shift-pass.ts';

/** Judges the Deployment of the new destination; what cannot be read is unknown. */
export async function lookAtWorkload({ deps, shift }: ShiftPass, name: string): Promise<GateVerdict> {
  const ref = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: shift.metadata.namespace ?? '', name };
  try {
    const deployment = await deps.api.get(ref);
    if (!deployment) return { name: 'workload', result: 'bad', text: `${displayName(ref)} is not there` };
    const selector = selectorOf(deployment);
    const labelSelector = selectorText(selector.matchLabels ?? {});
    const { items } = await deps.api.list(
      { apiVersion: 'v1', kind: 'Pod' },
      { namespace: ref.namespace, labelSelector },
    );
    const pods = items.filter(({ metadata }) => isSelected(metadata.labels ?? {}, selector));
    return judgeWorkload({ ...deployment, ...ref }, pods, deps.now());
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { name: 'workload', result: 'unknown', text: error.message };
  }
}

function selectorOf({ spec }: KubeObject): LabelSelector {
  const selector = isJsonObject(spec) ? spec['selector'] : undefined;
  return isJsonObject(selector) ? selector : {};
}
