import type { Right } from '../core/authorize/right.ts';
import { isJsonObject, type KubeObject } from '../core/kube-object.ts';
import type { KubeApi } from './kube-api.ts';

/** Who asks, as an AdmissionReview names them. */
export interface Requester {
  username?: string;
  uid?: string;
  groups?: string[];
  extra?: Record<string, string[]>;
}

/** Whether somebody holds a right. Rejects with ApiError when the API server does not say. */
export type AskAccess = (requester: Requester, right: Right) => Promise<boolean>;

/** Asks the API server, with all its authorizers, by SubjectAccessReview. */
export function createAccessReviewer(api: Pick<KubeApi, 'create'>): AskAccess {
  return async ({ username, uid, groups, extra }, right) => {
    const answer = await api.create({
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SubjectAccessReview',
      metadata: { name: '' },
      spec: { user: username, uid, groups, extra, ...attributesOf(right) },
    } satisfies KubeObject);
    const { status } = answer;
    return isJsonObject(status) && status['allowed'] === true;
  };
}

function attributesOf({ verb, group, resource: path, name, namespace, url }: Right): Record<string, object> {
  if (url !== '') return { nonResourceAttributes: { verb, path: url } };
  const [resource, subresource] = path.split('/', 2);
  const named = { ...(name === '' ? {} : { name }), ...(namespace === '' ? {} : { namespace }) };
  // Without a version RBAC decides the same; other authorizers take `*` for any.
  return {
    resourceAttributes: { verb, group, version: '*', resource, ...(subresource ? { subresource } : {}), ...named },
  };
}
