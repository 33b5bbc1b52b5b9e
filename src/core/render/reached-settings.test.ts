import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../kube-object.ts';
import type { ReachedSettings } from './reached-settings.ts';
import { render } from './render.ts';

const DEFAULTS = { hub: 'docker.io/istio', tag: '1.31.4' };

function reachedBy(spec: JsonObject, form: 'sailwright' | 'upstream' = 'sailwright'): ReachedSettings[] {
  const document = { apiVersion: 'install.istio.io/v1alpha1', kind: 'IstioOperator', metadata: { name: 'm' }, spec };
  const result = render({ documents: [document] }, { form, defaults: DEFAULTS });
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.value.reached;
}

const POD = 'spec.template.spec';
const LOW_PORTS = { name: 'net.ipv4.ip_unprivileged_port_start', value: '0' };
const DISCOVERY = `${POD}.containers[name:discovery]`;

function overlay(kind: string, name: string, path: string, value: unknown): JsonObject {
  return { overlays: [{ kind, name, patches: [{ path, value }] }] } as JsonObject;
}
const onIstiod = (path: string, value: unknown): JsonObject => ({
  components: { pilot: { k8s: overlay('Deployment', 'istiod', path, value) } },
});
const onRights = (kind: string, path: string, value: unknown): JsonObject => ({
  components: { pilot: { k8s: overlay(kind, 'istiod-clusterrole-istio-system', path, value) } },
});

describe('what settings reach', () => {
  const cases: [what: string, spec: JsonObject, fields: string[]][] = [
    ['the ServiceAccount', onIstiod(`${POD}.serviceAccountName`, 'other'), [`${POD}.serviceAccountName`]],
    ['the host’s network', onIstiod(`${POD}.hostNetwork`, true), [`${POD}.hostNetwork`]],
    ['the host’s processes', onIstiod(`${POD}.hostPID`, true), [`${POD}.hostPID`]],
    ['the host’s shared memory', onIstiod(`${POD}.hostIPC`, true), [`${POD}.hostIPC`]],
    [
      'a privileged container',
      onIstiod(`${POD}.containers.[name:discovery].securityContext.privileged`, true),
      [`${DISCOVERY}.securityContext.privileged`],
    ],
    [
      'a whole container at once',
      onIstiod(`${POD}.containers.[-1]`, { name: 'e', securityContext: { privileged: true } }),
      [`${POD}.containers[name:e].securityContext.privileged`],
    ],
    [
      'capabilities beyond the harmless',
      onIstiod(`${POD}.containers.[name:discovery].securityContext.capabilities.add`, ['SYS_ADMIN', 'CHOWN']),
      [`${DISCOVERY}.securityContext.capabilities.add`],
    ],
    [
      'a port of the host',
      onIstiod(`${POD}.containers.[name:discovery].ports.[-1]`, { containerPort: 1, hostPort: 1 }),
      [`${DISCOVERY}.ports.hostPort`],
    ],
    [
      'a path of the host, by a setting',
      { components: { pilot: { k8s: { volumes: [{ name: 'v', hostPath: { path: '/' } }] } } } },
      [`${POD}.volumes[name:v].hostPath`],
    ],
    [
      'kernel parameters, by a setting',
      { components: { pilot: { k8s: { securityContext: { sysctls: [LOW_PORTS, { name: 'a', value: 'b' }] } } } } },
      [`${POD}.securityContext.sysctls`],
    ],
    ['a role’s rules', onRights('ClusterRole', 'rules.[0].verbs.[-1]', 'delete'), ['rules']],
    [
      'what a role aggregates',
      onRights('ClusterRole', 'aggregationRule', { clusterRoleSelectors: [{}] }),
      ['aggregationRule'],
    ],
    [
      'what aggregates a role',
      onRights('ClusterRole', 'metadata.labels', { 'rbac.authorization.k8s.io/aggregate-to-edit': 'true' }),
      ['metadata.labels.rbac.authorization.k8s.io/aggregate-to-edit'],
    ],
    [
      'a binding’s subjects',
      onRights('ClusterRoleBinding', 'subjects.[-1]', { kind: 'User', name: 'e' }),
      ['subjects'],
    ],
    ['a binding’s role', onRights('ClusterRoleBinding', 'roleRef.name', 'cluster-admin'), ['roleRef']],
    [
      'where webhooks send what they see',
      {
        components: {
          pilot: {
            k8s: overlay('MutatingWebhookConfiguration', 'istio-sidecar-injector', 'webhooks.[0].clientConfig', {
              url: 'https://e',
            }),
          },
        },
      },
      ['webhooks[name:rev.namespace.sidecar-injector.istio.io].clientConfig'],
    ],
    [
      'another object’s place',
      { components: { pilot: { k8s: overlay('ConfigMap', 'istio', 'metadata.namespace', 'kube-system') } } },
      ['metadata.namespace'],
    ],
    ['another kind', { components: { pilot: { k8s: overlay('ConfigMap', 'istio', 'kind', 'Secret') } } }, ['kind']],
    [
      'a path of the host, by copied values',
      { values: { pilot: { volumes: [{ name: 'v', hostPath: { path: '/' } }] } } },
      [`${POD}.volumes[name:v].hostPath`],
    ],
    [
      'a privileged container, by copied values of a gateway',
      {
        values: {
          gateways: {
            'istio-ingressgateway': { additionalContainers: [{ name: 'e', securityContext: { privileged: true } }] },
          },
        },
      },
      [`${POD}.containers[name:e].securityContext.privileged`],
    ],
  ];
  it.each(cases)('finds %s', (_what, spec, fields) => {
    expect(reachedBy(spec).flatMap((each) => each.fields)).toEqual(fields);
  });

  it('says where the setting stands and what it reaches', () => {
    expect(reachedBy(onIstiod(`${POD}.hostNetwork`, true))).toEqual([
      { path: 'spec.components.pilot.k8s', object: 'Deployment istio-system/istiod', fields: [`${POD}.hostNetwork`] },
    ]);
    const values = { ztunnel: { volumes: [{ name: 'v', hostPath: { path: '/' } }] } };
    expect(reachedBy({ profile: 'ambient', values })).toEqual([
      {
        path: 'spec.values.ztunnel',
        object: 'DaemonSet istio-system/ztunnel',
        fields: [`${POD}.volumes[name:v].hostPath`],
      },
    ]);
  });

  const harmless: [what: string, spec: JsonObject][] = [
    ...['default', 'demo', 'ambient', 'openshift', 'openshift-ambient', 'preview', 'remote', 'stable'].map(
      (profile): [string, JsonObject] => [`profile ${profile}`, { profile }],
    ),
    ['an argument by an overlay', onIstiod(`${POD}.containers.[name:discovery].args.[-1]`, '--x')],
    ['less than the chart gives', onIstiod(`${POD}.containers.[name:discovery].securityContext.privileged`, false)],
    ['rules taken away', onRights('ClusterRole', 'rules.[0]', undefined)],
    ['settings of scale', { components: { pilot: { k8s: { replicaCount: 3, hpaSpec: { minReplicas: 2 } } } } }],
    ['a volume of a Secret', { values: { pilot: { volumes: [{ name: 'v', secret: { secretName: 's' } }] } } }],
  ];
  it.each(harmless)('takes %s for harmless', (_what, spec) => {
    expect(reachedBy(spec)).toEqual([]);
  });

  it('is not asked in upstream’s form', () => {
    expect(reachedBy(onIstiod(`${POD}.hostNetwork`, true), 'upstream')).toEqual([]);
  });
});
