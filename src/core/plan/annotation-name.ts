import type { ObjectRef } from '../kube-object.ts';

/** How annotations of an IstioOperator name an object: `Deployment/istio-system/istiod`, `ClusterRoleBinding/istiod`. */
export function annotationName({ kind, namespace, name }: Pick<ObjectRef, 'kind' | 'namespace' | 'name'>): string {
  return [kind, namespace, name].filter((part) => part !== undefined).join('/');
}

/** Names that such an annotation holds, by commas or spaces. */
export function namesIn(annotation = ''): string[] {
  return annotation.split(/[\s,]+/).filter((name) => name !== '');
}
