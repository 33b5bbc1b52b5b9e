import { bareLabel } from '../labels.ts';
import { isOn, isTruthy, valueAt } from '../../values/value-tree.ts';
import { clusterScopedName, istioNamespace, rightsLabels } from './identity.ts';
import {
  ISTIO_GROUPS,
  multiClusterServicesGroup,
  renderClusterRole,
  renderClusterRoleBinding,
} from './cluster-role.ts';
import { rule } from './role.ts';
import type { PolicyRule } from './role.ts';
import type { ChartContext } from '../chart.ts';
import type { KubeObject } from '../../kube-object.ts';

const READ = ['get', 'list', 'watch'];

/** Reader rights are on unless switched off: a missing value counts as true. */
export function wantsReader(context: ChartContext): boolean {
  const global = valueAt(context.values, 'global.enableReaderRBAC');
  return global === undefined || isTruthy(global);
}

function readerRules(context: ChartContext): PolicyRule[] {
  const services = [multiClusterServicesGroup(context)];
  const rules = [
    rule(ISTIO_GROUPS, ['*'], READ),
    rule(
      [''],
      ['endpoints', 'pods', 'services', 'nodes', 'replicationcontrollers', 'namespaces', 'secrets', 'configmaps'],
      READ,
    ),
    rule(['networking.istio.io'], ['workloadentries'], ['get', 'watch', 'list']),
    rule(['networking.x-k8s.io', 'gateway.networking.k8s.io'], ['gateways'], ['get', 'watch', 'list']),
    rule(['apiextensions.k8s.io'], ['customresourcedefinitions'], READ),
    rule(['discovery.k8s.io'], ['endpointslices'], READ),
    rule(services, ['serviceexports'], [...READ, 'create', 'delete']),
    rule(services, ['serviceimports'], READ),
    rule(['apps'], ['replicasets'], READ),
    rule(['authentication.k8s.io'], ['tokenreviews'], ['create']),
    rule(['authorization.k8s.io'], ['subjectaccessreviews'], ['create']),
  ];
  // The istiod elsewhere also publishes its root certificate and patches webhooks here.
  if (isOn(context.values, 'istiodRemote.enabled')) {
    rules.push(
      rule([''], ['configmaps'], ['create', ...READ, 'update']),
      rule(['admissionregistration.k8s.io'], ['mutatingwebhookconfigurations'], [...READ, 'update', 'patch']),
      rule(['admissionregistration.k8s.io'], ['validatingwebhookconfigurations'], [...READ, 'update']),
    );
  }
  return rules;
}

function readerSubject(context: ChartContext): object {
  const name = valueAt(context.values, 'global.readerServiceAccount.name');
  const isOwn = context.traits.takesReaderServiceAccount && isTruthy(name);
  if (!isOwn) return { name: 'istio-reader-service-account', namespace: istioNamespace(context) };
  return {
    name: bareLabel(context, name),
    namespace: bareLabel(context, valueAt(context.values, 'global.readerServiceAccount.namespace')),
  };
}

/** What an istiod of another cluster may read here. */
export function renderReaderRoles(context: ChartContext): KubeObject[] {
  const name = clusterScopedName(context, 'istio-reader-clusterrole');
  const labels = rightsLabels(context, 'istio-reader');
  return [
    renderClusterRole(name, labels, readerRules(context)),
    renderClusterRoleBinding(name, labels, readerSubject(context)),
  ];
}
