import { OWNER_NAME_LABEL } from '../../../api/our-names.ts';
import { isWanted, ztunnelAnnotations, ztunnelLabels, ztunnelName } from './metadata.ts';
import type { ChartContext } from '../chart.ts';
import { bareLabel } from '../labels.ts';
import { firstTruthy, valueAt } from '../../values/value-tree.ts';
import type { KubeObject, ObjectMeta } from '../../kube-object.ts';

const RBAC = 'rbac.authorization.k8s.io';

function metadata(context: ChartContext): ObjectMeta {
  const name = ztunnelName(context);
  const owner = firstTruthy(valueAt(context.values, 'ownerName')) ?? 'unknown';
  return {
    name,
    labels: {
      app: 'ztunnel',
      release: name,
      [OWNER_NAME_LABEL]: bareLabel(context, owner),
      ...ztunnelLabels(context),
    },
    ...ztunnelAnnotations(context),
  };
}

/** On OpenShift ztunnel needs the right to run its privileged pods; elsewhere it needs no rights at all. */
export function renderClusterRole(context: ChartContext): KubeObject[] {
  if (!isWanted(context, 'cluster') || valueAt(context.values, 'platform') !== 'openshift') return [];
  const name = ztunnelName(context);
  return [
    {
      apiVersion: `${RBAC}/v1`,
      kind: 'ClusterRole',
      metadata: metadata(context),
      rules: [
        {
          apiGroups: ['security.openshift.io'],
          resources: ['securitycontextconstraints'],
          resourceNames: ['privileged'],
          verbs: ['use'],
        },
      ],
    },
    {
      apiVersion: `${RBAC}/v1`,
      kind: 'ClusterRoleBinding',
      metadata: metadata(context),
      roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name },
      subjects: [{ kind: 'ServiceAccount', name, namespace: context.namespace }],
    },
  ];
}
