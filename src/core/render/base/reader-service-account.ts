import { pullSecrets } from '../image-pull-secrets.ts';
import { RELEASE_NAME, standardLabels } from '../labels.ts';
import { listAt, str } from '../../values/value-tree.ts';
import type { ChartContext } from '../chart.ts';
import type { KubeObject } from '../../kube-object.ts';

export const READER_ACCOUNT = 'istio-reader-service-account';

/** The account whose token lets istiods of other clusters read this one. One per cluster, whatever the revisions. */
export function renderReaderServiceAccount(context: ChartContext): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    ...pullSecrets(context, listAt(context.values, 'global.imagePullSecrets')),
    metadata: {
      name: READER_ACCOUNT,
      namespace: str(context.values, 'global.istioNamespace'),
      labels: {
        app: 'istio-reader',
        release: RELEASE_NAME,
        'app.kubernetes.io/name': 'istio-reader',
        ...standardLabels(context, 'base'),
      },
    },
  };
}
