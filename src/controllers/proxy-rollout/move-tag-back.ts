import { ISTIO_OPERATOR } from '../../api/install/istio-operator-kind.ts';
import { ROLLOUT_MANAGER } from '../../api/our-names.ts';
import type { ProxyRolloutStatus } from '../../api/rollout/proxy-rollout.ts';
import { refOf, type KubeObject } from '../../core/kube-object.ts';
import { targetOf } from '../../core/plan/former-target.ts';
import { nameOf, planTagMove } from '../../core/plan/tag-change.ts';
import { ApiError } from '../../kube/errors.ts';
import type { RolloutDependencies } from './dependencies.ts';

/** What is remembered of a tag. */
export type RememberedTag = NonNullable<ProxyRolloutStatus['target']>;

/** Where a tag leads, and where it led before; undefined where it leads nowhere. */
export function findTag(configurations: readonly KubeObject[], tag: string): RememberedTag | undefined {
  const found = configurations.map(targetOf).find((target) => target?.tag === tag);
  if (!found) return undefined;
  const { revision, previous } = found;
  return { tag, revision, ...(previous === undefined ? {} : { previous }) };
}

/**
 * Brings the tag back to where it led before the change that this rollout carries into the pods, by the IstioOperators:
 * their controller moves the webhook.
 * @returns what is in the way, or waited for; undefined when the tag leads there
 */
export async function moveTagBack(
  { api }: Pick<RolloutDependencies, 'api'>,
  { tag, previous }: RememberedTag,
  configurations: readonly KubeObject[],
): Promise<string | undefined> {
  if (previous === undefined) return `tag ${tag} has led to no other revision yet: there is nothing to go back to`;
  if (findTag(configurations, tag)?.revision === previous) return undefined;
  const { apiVersion, kind } = ISTIO_OPERATOR;
  const [resources, namespaces] = await Promise.all([api.list({ apiVersion, kind }), Promise.resolve([])]);
  const items = resources.items.map((item) => ({ ...item, apiVersion, kind }));
  const planned = planTagMove({ resources: items, webhooks: configurations, namespaces }, tag, previous);
  if ('problem' in planned) return `tag ${tag} cannot be moved back: ${planned.problem}`;
  const kept = planned.steps.filter(({ keeper }) => keeper !== undefined);
  if (kept.length > 0) {
    const who = kept.map(({ resource, keeper }) => `${nameOf(resource)} ("${keeper}")`).join(', ');
    return `tag ${tag} is not moved back, because a tool would undo it: ${who}; move it to ${previous} in the source`;
  }
  for (const { resource, after } of planned.steps) {
    const refusal = await writeTags(api, resource, after);
    if (refusal !== undefined) return refusal;
  }
  return `tag ${tag} is being moved back to ${previous}`;
}

async function writeTags(
  api: RolloutDependencies['api'],
  resource: KubeObject,
  after: readonly string[],
): Promise<string | undefined> {
  const { resourceVersion } = resource.metadata;
  const patch = { metadata: { resourceVersion }, spec: { values: { revisionTags: after } } };
  try {
    await api.patch(refOf(resource), patch, { type: 'merge', fieldManager: ROLLOUT_MANAGER });
    return undefined;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return `IstioOperator ${nameOf(resource)} was not changed: ${error.message}`;
  }
}
