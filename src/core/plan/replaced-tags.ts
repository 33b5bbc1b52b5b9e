import { REVISION_LABEL } from '../../api/istio-names.ts';
import { FIELD_MANAGER } from '../../api/our-names.ts';
import { DEFAULT_REVISION } from '../inject/revision-path.ts';
import type { InjectorConflict } from '../inject/injector-conflicts.ts';
import type { KubeObject } from '../kube-object.ts';
import { INJECTOR_KIND } from '../webhook-configuration.ts';
import { isFromIstioInstaller } from './adoption.ts';
import type { DesiredObject } from './desired.ts';
import { appliedFields } from './field-ownership.ts';
import { targetOf } from './former-target.ts';
import { toPruneEntry, type PruneEntry } from './plan-prune.ts';

/** An injector of another installer that goes once one of ours answers in its place. */
export interface ReplacedTag extends PruneEntry {
  /** Key of the injector that takes its pods. */
  by: string;
}

/**
 * Tags `default` that `istioctl` put in the place of the plain injector, which it made match nothing: where that is ours
 * it matches again, and the tag would take the same pods to an istiod that has no templates any more.
 */
export function findReplacedTags(
  conflicts: readonly InjectorConflict[],
  injectors: readonly KubeObject[],
  desired: readonly DesiredObject[],
): ReplacedTag[] {
  return conflicts.flatMap(({ ours, other }) => {
    const by = desired.find(({ ref }) => ref.kind === INJECTOR_KIND.kind && ref.name === ours.configuration);
    const tag = injectors.find(({ metadata }) => metadata.name === other.configuration);
    return by && tag && isReplaced(tag, by) ? [{ ...toPruneEntry(tag), by: by.key }] : [];
  });
}

function isReplaced(tag: KubeObject, { object }: DesiredObject): boolean {
  const target = targetOf(tag);
  if (target?.tag !== DEFAULT_REVISION || !isFromIstioInstaller(tag) || appliedFields(tag, FIELD_MANAGER)) return false;
  return target.revision === object.metadata.labels?.[REVISION_LABEL];
}
