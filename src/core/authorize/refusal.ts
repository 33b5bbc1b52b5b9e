import { listSome } from '../list-some.ts';
import { formatProblem, type Problem } from '../problem.ts';
import type { ReachedSettings } from '../render/reached-settings.ts';

/** Why an installation does not apply a resource that is otherwise fine. */
export interface Refusal {
  reason: 'NamespaceNotAllowed' | 'SettingNotPermitted';
  problems: Problem[];
}

/** The flag of `sailwright run` that permits what {@link findUnpermitted} lists. */
export const PRIVILEGED_SETTINGS_FLAG = '--allow-privileged-settings';

/** One problem for each object that settings give powers to. */
export function findUnpermitted(reached: readonly ReachedSettings[]): Problem[] {
  return reached.map(({ path, object, fields }) => ({
    path,
    code: 'PowersForbidden',
    message: `sets ${listSome(fields)} of ${object}, which this installation does not permit`,
    hint: `the operator's flag ${PRIVILEGED_SETTINGS_FLAG} permits it`,
  }));
}

export function formatRefusal({ problems }: Refusal): string {
  return problems.map(formatProblem).join('; ');
}
