import { commonLabels, derivedName, objectLabels } from './instance.ts';
import type { GatewayInstance } from './instance.ts';
import { pullSecrets } from '../image-pull-secrets.ts';
import { userTexts } from '../quoted.ts';
import { entryIf, listAt, objectAt } from '../../values/value-tree.ts';
import type { KubeObject } from '../../kube-object.ts';

/** The identity that the gateway's pods run under. */
export function renderServiceAccount(gateway: GatewayInstance): KubeObject {
  const { context, settings } = gateway;
  return {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    ...pullSecrets(context, listAt(context.values, 'global.imagePullSecrets')),
    metadata: {
      name: derivedName(gateway, 'service-account'),
      namespace: context.namespace,
      labels: objectLabels(gateway),
      ...entryIf('annotations', userTexts(context, objectAt(settings, 'serviceAccount.annotations'))),
    },
  };
}

/** Lets the gateway read the secrets of its namespace: the certificates that Gateways name. */
export function renderRole(gateway: GatewayInstance): KubeObject {
  return {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'Role',
    metadata: {
      name: derivedName(gateway, 'sds'),
      namespace: gateway.context.namespace,
      labels: commonLabels(gateway),
    },
    rules: [{ apiGroups: [''], resources: ['secrets'], verbs: ['get', 'watch', 'list'] }],
  };
}

/** Binds the role to the gateway's service account. */
export function renderRoleBinding(gateway: GatewayInstance): KubeObject {
  return {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: {
      name: derivedName(gateway, 'sds'),
      namespace: gateway.context.namespace,
      labels: commonLabels(gateway),
    },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: derivedName(gateway, 'sds') },
    subjects: [{ kind: 'ServiceAccount', name: derivedName(gateway, 'service-account') }],
  };
}
