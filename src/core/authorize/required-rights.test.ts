import { describe, expect, it } from 'vitest';
import type { JsonObject, KubeObject } from '../kube-object.ts';
import { render } from '../render/render.ts';
import { computeRequirements } from './required-rights.ts';
import { formatRights } from './right.ts';

const RBAC = 'rbac.authorization.k8s.io';
const SECRETS = [{ apiGroups: [''], resources: ['secrets'], verbs: ['get', 'list'] }];

function object(kind: string, fields: JsonObject = {}, name = 'x', namespace?: string): KubeObject {
  const groups: Record<string, string> = { Deployment: 'apps/v1', HorizontalPodAutoscaler: 'autoscaling/v2' };
  const apiVersion = groups[kind] ?? (/Role/.test(kind) ? `${RBAC}/v1` : 'v1');
  return { apiVersion, kind, metadata: { name, ...(namespace ? { namespace } : {}) }, ...fields };
}

const deployment = (pod: JsonObject = {}, spec: JsonObject = {}): KubeObject =>
  object(
    'Deployment',
    { spec: { replicas: 1, ...spec, template: { spec: { containers: [{ name: 'c' }], ...pod } } } },
    'd',
    'n',
  );
const role = (rules: JsonObject[], more: JsonObject = {}): KubeObject => object('ClusterRole', { rules, ...more }, 'r');
const ACCOUNT = { kind: 'ServiceAccount', name: 'a', namespace: 'n' };
const binding = (roleName: string, subjects: JsonObject[], kind = 'ClusterRoleBinding'): KubeObject => {
  const roleRef = { apiGroup: RBAC, kind: 'ClusterRole', name: roleName };
  return object(kind, { roleRef, subjects }, 'b', kind === 'RoleBinding' ? 'n' : undefined);
};

/** Each requirement as text: alternatives by `or`, what belongs together by `and`. */
function ask(wanted: KubeObject[], had: KubeObject[] = []): string[] {
  return computeRequirements({ wanted, had }).map(({ anyOf }) =>
    anyOf.map((rights) => formatRights(rights).join(' and ')).join(' or '),
  );
}

describe('computeRequirements', () => {
  const cases: { says: string; wanted: KubeObject[]; had?: KubeObject[]; asks: string[] }[] = [
    { says: 'nothing for what stays as it was', wanted: [deployment()], had: [deployment()], asks: [] },
    {
      says: 'create and patch for a new object, where it is',
      wanted: [deployment()],
      asks: ['create deployments.apps in namespace n and patch deployments.apps "d" in namespace n'],
    },
    {
      says: 'the cluster for a kind that has no namespace, whatever its metadata says',
      wanted: [object('Namespace', {}, 'x', 'n')],
      asks: ['create namespaces in the whole cluster and patch namespaces "x" in the whole cluster'],
    },
    {
      says: 'every right for a kind that no chart renders',
      wanted: [object('Pod', {}, 'x', 'n')],
      asks: ['* *.* in the whole cluster'],
    },
    {
      says: 'nothing for scale, place and size',
      wanted: [
        deployment(
          { nodeSelector: { a: 'b' }, containers: [{ name: 'c', resources: { limits: { cpu: '1' } } }] },
          { replicas: 9 },
        ),
      ],
      had: [deployment()],
      asks: [],
    },
    {
      says: 'nothing for the values that are only shown',
      wanted: [object('ConfigMap', { data: { 'merged-values': '2' } }, 'values', 'n')],
      had: [object('ConfigMap', { data: { 'merged-values': '1' } }, 'values', 'n')],
      asks: [],
    },
    {
      says: 'patch for what injection reads',
      wanted: [object('ConfigMap', { data: { config: '2' } }, 'i', 'n')],
      had: [object('ConfigMap', { data: { config: '1' } }, 'i', 'n')],
      asks: ['patch configmaps "i" in namespace n'],
    },
    {
      says: 'patch for another image',
      wanted: [deployment({ containers: [{ name: 'c', image: 'evil' }] })],
      had: [deployment()],
      asks: ['patch deployments.apps "d" in namespace n'],
    },
    {
      says: 'patch for an autoscaler that is turned to another workload',
      wanted: [object('HorizontalPodAutoscaler', { spec: { scaleTargetRef: { name: 'other' } } }, 'h', 'n')],
      had: [object('HorizontalPodAutoscaler', { spec: { scaleTargetRef: { name: 'd' } } }, 'h', 'n')],
      asks: ['patch horizontalpodautoscalers.autoscaling "h" in namespace n'],
    },
    {
      says: 'delete for what goes, except what is never removed',
      wanted: [],
      had: [deployment(), object('Namespace', {}, 'n')],
      asks: ['delete deployments.apps "d" in namespace n'],
    },
    {
      says: 'escalate or what a role gains, not what it had',
      wanted: [role([...SECRETS, { apiGroups: [''], resources: ['pods'], verbs: ['get'] }])],
      had: [role(SECRETS)],
      asks: [
        'patch clusterroles.rbac.authorization.k8s.io "r" in the whole cluster',
        'escalate clusterroles.rbac.authorization.k8s.io "r" in the whole cluster or get pods in the whole cluster',
      ],
    },
    {
      says: 'no more than patch for a role that loses rules',
      wanted: [role([])],
      had: [role(SECRETS)],
      asks: ['patch clusterroles.rbac.authorization.k8s.io "r" in the whole cluster'],
    },
    {
      says: 'every right for a role that begins to aggregate others',
      wanted: [role([], { aggregationRule: { clusterRoleSelectors: [{}] } })],
      had: [role([])],
      asks: [
        'patch clusterroles.rbac.authorization.k8s.io "r" in the whole cluster',
        'escalate clusterroles.rbac.authorization.k8s.io "r" in the whole cluster or * *.* in the whole cluster',
      ],
    },
    {
      says: 'bind or what the role grants for a new subject, in the namespace of the binding',
      wanted: [role(SECRETS), binding('r', [ACCOUNT, { kind: 'User', name: 'eve' }], 'RoleBinding')],
      had: [role(SECRETS), binding('r', [ACCOUNT], 'RoleBinding')],
      asks: [
        'patch rolebindings.rbac.authorization.k8s.io "b" in namespace n',
        'bind clusterroles.rbac.authorization.k8s.io "r" in namespace n or get, list secrets in namespace n',
      ],
    },
    {
      says: 'bind for a role that is not rendered',
      wanted: [binding('cluster-admin', [ACCOUNT])],
      had: [binding('r', [ACCOUNT])],
      asks: [
        'patch clusterrolebindings.rbac.authorization.k8s.io "b" in the whole cluster',
        'bind clusterroles.rbac.authorization.k8s.io "cluster-admin" in the whole cluster',
      ],
    },
    {
      says: 'no bind for a binding that loses a subject',
      wanted: [binding('r', [])],
      had: [binding('r', [ACCOUNT])],
      asks: ['patch clusterrolebindings.rbac.authorization.k8s.io "b" in the whole cluster'],
    },
  ];
  it.each(cases)('asks $says', ({ wanted, had, asks }) => {
    expect(ask(wanted, had)).toEqual(asks);
  });

  it('knows every kind of every profile, and asks nothing twice rendered', () => {
    for (const profile of ['default', 'demo', 'ambient', 'openshift-ambient', 'remote', 'stable']) {
      const objects = objectsOf({ profile });
      expect(ask(objects, objects)).toEqual([]);
      expect(ask(objects).filter((text) => text.startsWith('* '))).toEqual([]);
    }
  });
});

function objectsOf(spec: JsonObject): KubeObject[] {
  const defaults = { hub: 'docker.io/istio', tag: '1.31.4' };
  const document = { apiVersion: 'install.istio.io/v1alpha1', kind: 'IstioOperator', metadata: { name: 'm' }, spec };
  const result = render({ documents: [document] }, { form: 'sailwright', defaults });
  return result.ok ? result.value.components.flatMap(({ objects }) => objects) : [];
}
