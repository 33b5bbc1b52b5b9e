import { isJsonObject } from '../kube-object.ts';
import type { JsonObject } from '../kube-object.ts';
import type { Problem } from '../problem.ts';
import { computeInstances } from './composition/component-instances.ts';
import { isOn, printed } from '../values/value-tree.ts';

/**
 * Refuses gateways without a name and gateways that would fight for the same objects. Upstream renders both: broken
 * names for the first, the same object twice for the second.
 */
export function validateGatewayNames(tree: JsonObject, problems: Problem[]): void {
  const seen = new Map<string, string>();
  for (const { traits, settings, namespace, path } of computeInstances(tree)) {
    if (!traits.many || !isJsonObject(settings)) continue;
    const name = printed(settings['name']);
    if (name === '') {
      problems.push({
        path: `${path}.name`,
        code: 'NameMissing',
        message: 'is missing',
        hint: `write a name such as ${traits.workload?.name ?? 'gateway'}`,
      });
      continue;
    }
    if (name.includes('.') && !isOn(tree, ['spec', 'values', ...traits.valuesPath, 'customService'].join('.'))) {
      const message = `"${name}" has a dot, and the gateway's Service takes the name`;
      problems.push({ path: `${path}.name`, code: 'NameInvalid', message, hint: `write ${name.replaceAll('.', '-')}` });
    }
    const key = `${namespace}/${name}`;
    const first = seen.get(key);
    if (first === undefined) seen.set(key, path);
    else {
      const message = `"${name}" in namespace ${namespace} is also the name of ${first}`;
      problems.push({
        path: `${path}.name`,
        code: 'GatewayNameDuplicate',
        message,
        hint: 'choose another name or namespace',
      });
    }
  }
}
