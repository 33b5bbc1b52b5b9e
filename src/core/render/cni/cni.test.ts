import { describe, expect, it } from 'vitest';
import { DEFAULT_VERSION } from '../../istio/registry.ts';
import { renderCni } from './index.ts';
import type { ChartContext } from '../chart.ts';
import { valueAt } from '../../values/value-tree.ts';
import type { Json, JsonObject, KubeObject } from '../../kube-object.ts';

function cniContext(change: JsonObject = {}, context: Partial<ChartContext> = {}): ChartContext {
  return {
    component: 'Cni',
    form: 'upstream',
    traits: DEFAULT_VERSION.traits,
    chartVersion: '1.0.0',
    namespace: 'istio-system',
    values: {
      revision: '',
      image: 'install-cni',
      provider: 'default',
      cniBinDir: '/opt/cni/bin',
      cniConfDir: '/etc/cni/net.d',
      cniNetnsDir: '/var/run/netns',
      excludeNamespaces: ['kube-system', 'other'],
      useAppArmorAnnotation: true,
      ambient: { enabled: false },
      repair: { enabled: true, repairPods: true, deletePods: false, labelPods: false },
      global: { hub: 'hub.example', tag: 'v1', resourceScope: 'all', defaultResources: { requests: { cpu: '5m' } } },
      ...change,
    },
    originalValues: {},
    kubeMinor: 33,
    kubeVersion: 'v1.33.0',
    ...context,
  };
}

function named(objects: KubeObject[], kind: string, name: string): KubeObject | undefined {
  return objects.find((object) => object.kind === kind && object.metadata.name === name);
}

function podSpec(change: JsonObject = {}, context: Partial<ChartContext> = {}): JsonObject {
  const set = named(renderCni(cniContext(change, context)), 'DaemonSet', 'istio-cni-node');
  return valueAt(set as unknown as JsonObject, 'spec.template.spec') as JsonObject;
}

function agent(change: JsonObject = {}): JsonObject {
  return (podSpec(change)['containers'] as JsonObject[])[0] as JsonObject;
}

function configData(change: JsonObject = {}, context: Partial<ChartContext> = {}): JsonObject {
  return named(renderCni(cniContext(change, context)), 'ConfigMap', 'istio-cni-config')?.['data'] as JsonObject;
}

describe('objects of the agent', () => {
  it.each<[string, string[]]>([
    ['namespace', ['ConfigMap', 'DaemonSet', 'ServiceAccount']],
    ['cluster', ['ClusterRole', 'ClusterRoleBinding']],
    ['none', []],
  ])('in scope %s are %j', (resourceScope, kinds) => {
    const found = renderCni(cniContext({ global: { resourceScope } })).map(({ kind }) => kind);
    expect([...new Set(found)].sort()).toEqual(kinds);
  });

  it.each<[string, JsonObject, string, boolean]>([
    ['repair off', { repair: { enabled: false } }, 'ClusterRole/istio-cni-repair-role', false],
    ['repair on', {}, 'ClusterRoleBinding/istio-cni-repair-rolebinding', true],
    ['ambient off', {}, 'ClusterRole/istio-cni-ambient', false],
    ['ambient on', { ambient: { enabled: true } }, 'ClusterRoleBinding/istio-cni-ambient', true],
    ['quota on', { resourceQuotas: { enabled: true, pods: 9 } }, 'ResourceQuota/istio-cni-resource-quota', true],
    ['quota off', {}, 'ResourceQuota/istio-cni-resource-quota', false],
    ['multus', { provider: 'multus' }, 'NetworkAttachmentDefinition/istio-cni', true],
    ['no multus', {}, 'NetworkAttachmentDefinition/istio-cni', false],
    [
      'policy on, with a revision',
      { revision: 'r1', global: { networkPolicy: { enabled: true } } },
      'NetworkPolicy/istio-cni-r1',
      true,
    ],
  ])('%s', (_rule, change, object, present) => {
    const found = renderCni(cniContext(change)).map(({ kind, metadata }) => `${kind}/${metadata.name}`);
    expect(found.includes(object)).toBe(present);
  });

  it('put the attachment definition where Multus looks', () => {
    const objects = renderCni(cniContext({ provider: 'multus' }));
    expect(named(objects, 'NetworkAttachmentDefinition', 'istio-cni')?.metadata.namespace).toBe('default');
  });
});

describe('rights of repair', () => {
  it.each<[string, JsonObject, Json]>([
    ['need none in place, whatever else is on', { repairPods: true, deletePods: true }, undefined as unknown as Json],
    [
      'delete pods before labelling them',
      { deletePods: true, labelPods: true },
      { apiGroups: [''], resources: ['pods'], verbs: ['delete'] },
    ],
    [
      'label by the lesser right',
      { labelPods: true },
      { apiGroups: [''], resources: ['pods/status'], verbs: ['patch', 'update'] },
    ],
  ])('%s', (_rule, repair, right) => {
    const objects = renderCni(cniContext({ repair: { enabled: true, ...repair } }));
    const rules = named(objects, 'ClusterRole', 'istio-cni-repair-role')?.['rules'] as Json[];
    expect(rules[2]).toEqual(right);
  });
});

describe('the DaemonSet', () => {
  it.each<[string, string, string, string]>([
    ['', 'v1.33.1-gke.100', '/home/kubernetes/bin', 'GKE'],
    ['', 'v1.33.1', '/opt/cni/bin', 'any other server'],
    ['/mine', 'v1.33.1-gke.100', '/mine', 'a set folder'],
  ])('with cniBinDir %j on %s installs to %s (%s)', (cniBinDir, kubeVersion, path) => {
    const volumes = podSpec({ cniBinDir }, { kubeVersion })['volumes'] as JsonObject[];
    expect(volumes[0]).toEqual({ name: 'cni-bin-dir', hostPath: { path } });
  });

  it('says the AppArmor exception in one place only', () => {
    expect(agent()['securityContext']).not.toHaveProperty('appArmorProfile');
    expect(agent({ useAppArmorAnnotation: false })['securityContext']).toMatchObject({
      appArmorProfile: { type: 'Unconfined' },
    });
  });

  it('fills in the SELinux type only beside other options', () => {
    expect(agent({ seLinuxOptions: { level: 's0' } })['securityContext']).toMatchObject({
      seLinuxOptions: { level: 's0', type: 'spc_t' },
    });
    expect(agent({ seLinuxOptions: { type: 'x_t' } })['securityContext']).toMatchObject({
      seLinuxOptions: { type: 'x_t' },
    });
    expect(agent()['securityContext']).not.toHaveProperty('seLinuxOptions');
  });

  it('shares the host network only for ambient, and then need not switch to it', () => {
    const names = (change: JsonObject): Json[] =>
      (agent(change)['env'] as JsonObject[]).map(({ name }) => name as Json);
    const shared = { ambient: { enabled: true, shareHostNetworkNamespace: true } };
    expect(podSpec(shared)).toMatchObject({ hostNetwork: true, dnsPolicy: 'ClusterFirstWithHostNet' });
    expect(names(shared)).not.toContain('ALLOW_SWITCH_TO_HOST_NS');
    expect(podSpec({ ambient: { shareHostNetworkNamespace: true } })).not.toHaveProperty('hostNetwork');
    expect(names({ ambient: { shareHostNetworkNamespace: true } })).toContain('ALLOW_SWITCH_TO_HOST_NS');
  });

  it('sees /proc for repair in place or ambient', () => {
    const hasProc = (change: JsonObject): boolean =>
      (podSpec(change)['volumes'] as JsonObject[]).some(({ name }) => name === 'cni-host-procfs');
    expect(hasProc({})).toBe(true);
    expect(hasProc({ repair: { repairPods: false } })).toBe(false);
    expect(hasProc({ repair: { repairPods: false }, ambient: { enabled: true } })).toBe(true);
  });

  it('prefers its own image, pull policy, log level and resources to the global ones', () => {
    const global = {
      hub: 'hub.example',
      tag: 'v1',
      variant: 'distroless',
      resourceScope: 'all',
      imagePullPolicy: 'Always',
      logging: { level: 'info' },
    };
    expect(agent({ global })).toMatchObject({
      image: 'hub.example/install-cni:v1-distroless',
      imagePullPolicy: 'Always',
      args: ['--log_output_level=info'],
    });
    const own = { hub: 'h', tag: 't', variant: 'debug', pullPolicy: 'Never', logging: { level: 'debug' } };
    expect(agent({ global, ...own, resources: { limits: { cpu: '1', memory: '' } } })).toMatchObject({
      image: 'h/install-cni:t-debug',
      imagePullPolicy: 'Never',
      args: ['--log_output_level=debug'],
      resources: { limits: { cpu: 1 } },
    });
  });
});

describe('the ConfigMap', () => {
  it('prints settings as text and leaves out what is null', () => {
    expect(configData({ chained: false, ambient: { enabled: true, ipv6: null } })).toMatchObject({
      CHAINED_CNI_PLUGIN: 'false',
      AMBIENT_ENABLED: 'true',
      AMBIENT_IPV6: null,
      EXCLUDE_NAMESPACES: 'kube-system,other',
      CURRENT_AGENT_VERSION: 'v1',
    });
  });

  it('prints the selectors as YAML', () => {
    const enablementSelectors = [{ podSelector: { matchLabels: { x: 'y' } } }];
    expect(configData({ ambient: { enablementSelectors } })['AMBIENT_ENABLEMENT_SELECTOR']).toBe(
      '- podSelector:\n    matchLabels:\n      x: "y"',
    );
  });

  it('names files only where they are set or used', () => {
    expect(configData({ istioOwnedCNIConfigFileName: 'x' })).not.toHaveProperty('ISTIO_OWNED_CNI_CONF_FILENAME');
    expect(configData({ istioOwnedCNIConfig: true, istioOwnedCNIConfigFileName: 'x' })).toHaveProperty(
      'ISTIO_OWNED_CNI_CONF_FILENAME',
      'x',
    );
    expect(configData({ cniConfFileName: '' })).not.toHaveProperty('CNI_CONF_NAME');
  });

  it.each([
    ['upstream', 'false'],
    ['sailwright', 'N'],
  ] as const)('in the form %s has the variable N under the key %s', (form, key) => {
    expect(configData({ env: { N: 3 } }, { form })).toHaveProperty(key, '3');
  });
});
