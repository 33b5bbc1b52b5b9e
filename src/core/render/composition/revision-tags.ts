import type { JsonObject } from '../../kube-object.ts';
import type { Problem } from '../../problem.ts';
import { computeInstances } from './component-instances.ts';
import { getAt, setAt } from '../../values/tree-path.ts';

const PATH = ['spec', 'values', 'revisionTags'];

/**
 * Leaves the tag `default` out where the control plane has no revision and so is the default by itself: with both,
 * two webhook configurations select the same pods, and each is injected twice.
 */
export function dropDefaultTag(tree: JsonObject, warnings: Problem[]): void {
  const tags = getAt(tree, PATH);
  const revision = getAt(tree, ['spec', 'values', 'revision']);
  if (!Array.isArray(tags) || !tags.includes('default') || (revision !== undefined && revision !== '')) return;
  const kept = tags.filter((tag) => tag !== 'default');
  setAt(tree, PATH, kept);
  const path = `${PATH.join('.')}[${tags.indexOf('default')}]`;
  const message = 'the tag "default" has no effect: a control plane without a revision is the default already';
  warnings.push({ path, code: 'SettingUnused', message, hint: 'remove it' });
}

/** Tags are of the control plane: a resource of gateways alone has none to give. */
export function adviseUnusedTags(tree: JsonObject): Problem[] {
  const tags = getAt(tree, PATH);
  if (!Array.isArray(tags) || tags.length === 0) return [];
  if (computeInstances(tree).some(({ component }) => component === 'Pilot')) return [];
  const message = 'has no effect: the resource has no control plane';
  const hint = 'set it in the resource of the control plane that the tags are to lead to';
  return [{ path: PATH.join('.'), code: 'SettingUnused', message, hint }];
}
