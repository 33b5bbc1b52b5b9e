import type { ControlPlane } from '../inject/find-readers.ts';
import { isJsonObject, type JsonObject } from '../kube-object.ts';
import type { Problem } from '../problem.ts';
import { getAt, PathError } from '../values/tree-path.ts';
import { printed } from '../values/value-tree.ts';
import { computeOperatorTree, mergeDocuments } from './composition/operator-tree.ts';
import { computeRelease, imageDefaults } from './composition/release.ts';

/** The control plane that an IstioOperator asks for; undefined for one that asks for none, or cannot be had. */
export function findPlannedControlPlane(istioOperator: JsonObject): ControlPlane | undefined {
  const problems: Problem[] = [];
  try {
    const user = mergeDocuments({ documents: [istioOperator] }, problems);
    const release = computeRelease(user, { form: 'sailwright' }, { problems, warnings: [] });
    const settings = { version: release.version, form: 'sailwright', ...imageDefaults(release) } as const;
    const tree = computeOperatorTree(user, settings, problems);
    if (!tree || problems.length > 0 || getAt(tree, ['spec', 'components', 'pilot', 'enabled']) !== true)
      return undefined;
    const selectors = getAt(tree, ['spec', 'values', 'meshConfig', 'discoverySelectors']);
    return {
      revision: printed(getAt(tree, ['spec', 'values', 'revision'])),
      release: release.name,
      selectors: () => (Array.isArray(selectors) ? selectors.filter(isJsonObject) : []),
    };
  } catch (error) {
    if (error instanceof PathError) return undefined;
    throw error;
  }
}
