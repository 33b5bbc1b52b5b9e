import { CONTROL_PLANE, nameInRevision } from '../../core/inject/control-plane-objects.ts';
import { parseRevisionPath } from '../../core/inject/revision-path.ts';
import { plural } from '../../core/plural.ts';
import { computeWorkloadHealth } from '../../core/status/workload-health.ts';
import type { GateVerdict } from '../../core/steps/step-plan.ts';
import { ApiError } from '../../kube/errors.ts';
import type { RolloutDependencies } from './dependencies.ts';
import type { RememberedTag } from './move-tag-back.ts';

/** Whether the control planes behind the webhooks run; new proxies would wait for one that does not. */
export async function judgeControlPlanes(
  { api }: Pick<RolloutDependencies, 'api'>,
  paths: ReadonlySet<string>,
): Promise<GateVerdict[]> {
  const planes = new Map(
    [...paths].map(parseRevisionPath).map((plane) => [`${plane.namespace}/${plane.revision}`, plane]),
  );
  const name = 'controlPlane';
  const verdicts: GateVerdict[] = [];
  for (const { revision, namespace } of planes.values()) {
    const ref = { apiVersion: 'apps/v1', kind: 'Deployment', namespace, name: nameInRevision(CONTROL_PLANE, revision) };
    try {
      const deployment = await api.get(ref);
      const health = deployment && computeWorkloadHealth({ ...deployment, ...ref });
      const text = health ? health.message : `Deployment ${namespace}/${ref.name} is not there`;
      if (health?.state !== 'ready') verdicts.push({ name, result: 'unknown', text });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      verdicts.push({ name, result: 'unknown', text: error.message });
    }
  }
  return verdicts.length > 0 ? verdicts : [{ name, result: 'good', text: plural(planes.size, 'control plane') }];
}

/** Whether the tag still leads to where it led when the rollout began. */
export function judgeTag(remembered: RememberedTag | undefined, live: RememberedTag | undefined): GateVerdict[] {
  if (!remembered) return [];
  const name = 'target';
  const { tag, revision } = remembered;
  if (live?.revision === revision) return [{ name, result: 'good', text: `tag ${tag} leads to ${revision}` }];
  const text = `tag ${tag} leads to ${live?.revision ?? 'nothing'} now, and led to ${revision} when the rollout began`;
  return [{ name, result: 'bad', text }];
}
