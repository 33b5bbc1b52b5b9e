import { revisionSuffix } from '../labels.ts';
import { str } from '../../values/value-tree.ts';
import { pilotLabels } from './identity.ts';
import type { ChartContext } from '../chart.ts';
import type { KubeObject } from '../../kube-object.ts';

/** Name of the ConfigMap with further roots that istiod trusts when it fetches JWKS. */
export function jwksConfigMapName(context: ChartContext): string {
  return `pilot-jwks-extra-cacerts${revisionSuffix(context)}`;
}

export function renderJwksConfigMap(context: ChartContext): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: jwksConfigMapName(context), namespace: context.namespace, labels: pilotLabels(context) },
    data: { 'extra.pem': str(context.values, 'jwksResolverExtraRootCA') },
  };
}
