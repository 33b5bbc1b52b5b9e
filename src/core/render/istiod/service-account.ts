import { pullSecrets } from '../image-pull-secrets.ts';
import { userTexts } from '../quoted.ts';
import { entryIf, listAt, objectAt } from '../../values/value-tree.ts';
import { istiodName, istioNamespace, rightsLabels } from './identity.ts';
import type { ChartContext } from '../chart.ts';
import type { KubeObject } from '../../kube-object.ts';

/** istiod's identity. */
export function renderServiceAccount(context: ChartContext): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    ...pullSecrets(context, listAt(context.values, 'global.imagePullSecrets')),
    metadata: {
      name: istiodName(context),
      namespace: istioNamespace(context),
      labels: rightsLabels(context),
      ...entryIf('annotations', userTexts(context, objectAt(context.values, 'serviceAccountAnnotations'))),
    },
  };
}
