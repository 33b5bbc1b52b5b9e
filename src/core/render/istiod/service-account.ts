import { bare, entryIf, listAt, objectAt } from '../value-tree.ts';
import { istiodName, istioNamespace, rightsLabels } from './identity.ts';
import type { ChartContext } from '../chart.ts';
import type { KubeObject } from '../../kube-object.ts';

/** References to pull secrets, for a ServiceAccount; empty when there are none. */
export function pullSecretReferences(context: ChartContext): { imagePullSecrets?: { name: unknown }[] } {
  const names = listAt(context.values, 'global.imagePullSecrets');
  return names.length > 0 ? { imagePullSecrets: names.map((name) => ({ name: bare(name) })) } : {};
}

/** istiod's identity. */
export function renderServiceAccount(context: ChartContext): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    ...pullSecretReferences(context),
    metadata: {
      name: istiodName(context),
      namespace: istioNamespace(context),
      labels: rightsLabels(context),
      ...entryIf('annotations', objectAt(context.values, 'serviceAccountAnnotations')),
    },
  };
}
