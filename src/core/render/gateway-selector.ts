import { fieldPath } from '../../api/field-path.ts';
import { REVISION_LABEL } from '../../api/istio-names.ts';
import { isJsonObject, type Json, type KubeObject } from '../kube-object.ts';
import { getAt } from '../values/tree-path.ts';
import type { Problem } from '../problem.ts';

const OF_REVISION =
  'leave it out: an injected gateway follows a tag by the label of its namespace, or by spec.revision of a resource of gateways alone';

/**
 * Refuses labels of a gateway that its pods would not have. They are its selector, so that the API server would refuse the
 * Deployment; Istio's charts let a label of their own win on the pods, the revision above all.
 */
export function findUnselectedPods(objects: readonly KubeObject[], gateway: string): Problem[] {
  return objects
    .filter(({ kind }) => kind === 'Deployment')
    .flatMap((object) => {
      const selected = labelsAt(object, ['spec', 'selector', 'matchLabels']);
      const pods = labelsAt(object, ['spec', 'template', 'metadata', 'labels']);
      return Object.entries(selected).flatMap(([key, value]) => (pods[key] === value ? [] : [key]));
    })
    .map((key) => ({
      path: fieldPath(fieldPath(gateway, 'label'), key),
      code: 'SettingsContradict',
      message: 'the gateway would not select its own pods, which have another value',
      hint: key === REVISION_LABEL ? OF_REVISION : 'leave it out',
    }));
}

function labelsAt(object: KubeObject, path: readonly string[]): Readonly<Record<string, Json | undefined>> {
  const found = getAt(object as Parameters<typeof getAt>[0], path);
  return isJsonObject(found) ? found : {};
}
