import { ISTIO_OPERATOR } from '../../api/install/istio-operator-kind.ts';
import { groupOf, type JsonObject } from '../kube-object.ts';

/** Whether the object asks for a control plane, of whatever version of the API. */
export function isIstioOperator({ apiVersion, kind }: JsonObject): boolean {
  const group = typeof apiVersion === 'string' ? groupOf(apiVersion) : '';
  return kind === ISTIO_OPERATOR.kind && group === ISTIO_OPERATOR.group;
}
