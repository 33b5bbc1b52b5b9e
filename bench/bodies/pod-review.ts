import type { JsonObject } from '../../src/core/kube-object.ts';

/** The AdmissionReview of a pod that a ReplicaSet makes. */
export function podReview(object: JsonObject, request: { uid: string; namespace: string }): JsonObject {
  return {
    kind: 'AdmissionReview',
    apiVersion: 'admission.k8s.io/v1',
    request: {
      uid: request.uid,
      kind: { group: '', version: 'v1', kind: 'Pod' },
      resource: { group: '', version: 'v1', resource: 'pods' },
      namespace: request.namespace,
      operation: 'CREATE',
      userInfo: { username: 'system:serviceaccount:kube-system:replicaset-controller' },
      object,
    },
  };
}
