import { CNI_NAME, CNI_NODE_NAME, appLabels, cniLabels } from './labels.ts';
import type { ChartContext } from '../chart.ts';
import { firstTruthy, inScope, isOn, valueAt } from '../../values/value-tree.ts';
import type { JsonObject, KubeObject } from '../../kube-object.ts';

const RBAC = 'rbac.authorization.k8s.io';
const READ = ['get', 'list', 'watch'];

/** One role of the agent with its binding; a feature that is off has neither. */
interface Grant {
  role: string;
  binding: string;
  bindingLabels: Record<string, string>;
  rules: JsonObject[];
}

function agentGrant(context: ChartContext): Grant {
  const platform = firstTruthy(valueAt(context.values, 'platform'), valueAt(context.values, 'global.platform'));
  const privilegedPods = {
    apiGroups: ['security.openshift.io'],
    resources: ['securitycontextconstraints'],
    resourceNames: ['privileged'],
    verbs: ['use'],
  };
  return {
    role: CNI_NAME,
    binding: CNI_NAME,
    bindingLabels: appLabels(context),
    rules: [
      { apiGroups: [''], resources: ['pods', 'nodes', 'namespaces'], verbs: READ },
      ...(platform === 'openshift' ? [privilegedPods] : []),
    ],
  };
}

/** The right that the chosen way of repair needs. Repair in place goes before deletion, and that before labelling. */
function repairRights(context: ChartContext): JsonObject[] {
  const { values } = context;
  if (isOn(values, 'repair.repairPods')) return [];
  if (isOn(values, 'repair.deletePods')) return [{ apiGroups: [''], resources: ['pods'], verbs: ['delete'] }];
  if (isOn(values, 'repair.labelPods')) {
    return [{ apiGroups: [''], resources: ['pods/status'], verbs: ['patch', 'update'] }];
  }
  return [];
}

function repairLabels(context: ChartContext): Record<string, string> {
  return { 'k8s-app': `${CNI_NAME}-repair`, ...cniLabels(context) };
}

function repairGrant(context: ChartContext): Grant[] {
  if (!isOn(context.values, 'repair.enabled')) return [];
  return [
    {
      role: `${CNI_NAME}-repair-role`,
      binding: `${CNI_NAME}-repair-rolebinding`,
      bindingLabels: repairLabels(context),
      rules: [
        { apiGroups: [''], resources: ['events'], verbs: ['create', 'patch'] },
        { apiGroups: [''], resources: ['pods'], verbs: ['watch', 'get', 'list'] },
        ...repairRights(context),
      ],
    },
  ];
}

function ambientGrant(context: ChartContext): Grant[] {
  if (!isOn(context.values, 'ambient.enabled')) return [];
  return [
    {
      role: `${CNI_NAME}-ambient`,
      binding: `${CNI_NAME}-ambient`,
      bindingLabels: repairLabels(context),
      rules: [
        { apiGroups: [''], resources: ['pods/status'], verbs: ['patch', 'update'] },
        { apiGroups: ['apps'], resources: ['daemonsets'], resourceNames: [CNI_NODE_NAME], verbs: ['get'] },
      ],
    },
  ];
}

function renderGrant(context: ChartContext, grant: Grant): KubeObject[] {
  return [
    {
      apiVersion: `${RBAC}/v1`,
      kind: 'ClusterRole',
      metadata: { name: grant.role, labels: appLabels(context) },
      rules: grant.rules,
    },
    {
      apiVersion: `${RBAC}/v1`,
      kind: 'ClusterRoleBinding',
      metadata: { name: grant.binding, labels: grant.bindingLabels },
      roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: grant.role },
      subjects: [{ kind: 'ServiceAccount', name: CNI_NAME, namespace: context.namespace }],
    },
  ];
}

/** Cluster roles and bindings of the agent, of pod repair and of ambient enrolment. */
export function renderClusterRoles(context: ChartContext): KubeObject[] {
  if (!inScope(context.values, 'cluster')) return [];
  return [agentGrant(context), ...repairGrant(context), ...ambientGrant(context)].flatMap((grant) =>
    renderGrant(context, grant),
  );
}
