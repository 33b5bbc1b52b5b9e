import { describe, expect, it } from 'vitest';
import { FakeKubeApi } from '../../test/builders/fake-kube-api.ts';
import { formatRefusal } from '../core/authorize/refusal.ts';
import type { JsonObject } from '../core/kube-object.ts';
import { render } from '../core/render/render.ts';
import { InstallationPolicy } from './installation-policy.ts';

const DEFAULTS = { hub: 'registry.istio.io/release', tag: '1.31.4' };
const PRIVILEGED: JsonObject = {
  components: { pilot: { k8s: { volumes: [{ name: 'v', hostPath: { path: '/' } }] } } },
};

interface Installation {
  names?: string[];
  labels?: Record<string, string>;
  allowsPrivilegedSettings?: boolean;
}

function policyOf({ names = [], labels = {}, allowsPrivilegedSettings = false }: Installation): InstallationPolicy {
  const api = new FakeKubeApi();
  for (const [name, value] of Object.entries(labels)) {
    const metadata = { name, labels: { 'sailwright.dev/control-plane-namespace': value } };
    api.seed({ apiVersion: 'v1', kind: 'Namespace', metadata });
  }
  return new InstallationPolicy(api, {
    controlPlaneNamespaces: ['istio-system', ...names],
    allowsPrivilegedSettings,
    operatorNamespace: 'sailwright-system',
  });
}

async function judge(spec: JsonObject, installation: Installation = {}, namespace = 'istio-system'): Promise<string> {
  const policy = policyOf(installation);
  const metadata = { name: 'mesh', namespace };
  const document = { apiVersion: 'install.istio.io/v1alpha1', kind: 'IstioOperator', metadata, spec };
  const result = render({ documents: [document] }, { form: 'sailwright', defaults: DEFAULTS });
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  const refusal = await policy.judge(policy.demandsOf(namespace, result.value));
  return refusal ? `${refusal.reason} ${formatRefusal(refusal)}` : 'applied';
}

const pilotIn = (namespace: string): JsonObject => ({ components: { pilot: { namespace } } });
const gatewayIn = (namespace: string): JsonObject => ({
  components: { ingressGateways: [{ name: 'g', enabled: true, namespace }] },
});

describe('InstallationPolicy', () => {
  it.each<[says: string, spec: JsonObject, installation: Installation, namespace?: string]>([
    ['the usual namespace', {}, {}],
    ['a namespace that a flag names', {}, { names: ['mesh'] }, 'mesh'],
    ['a namespace with the label', {}, { labels: { mesh: 'true' } }, 'mesh'],
    ['a control plane in another such namespace', pilotIn('mesh'), { labels: { mesh: 'true' } }],
    ['a gateway in an application’s namespace', gatewayIn('shop'), {}],
    [
      'a gateway in the cluster’s own namespace that has the label',
      gatewayIn('kube-system'),
      { labels: { 'kube-system': 'true' } },
    ],
    ['node agents where OpenShift’s profile puts them', { profile: 'openshift-ambient' }, {}],
    ['settings that are permitted', PRIVILEGED, { allowsPrivilegedSettings: true }],
  ])('applies %s', async (_says, spec, installation, namespace) => {
    expect(await judge(spec, installation, namespace)).toBe('applied');
  });

  it.each<[says: string, spec: JsonObject, cause: string, installation?: Installation, namespace?: string]>([
    ['a resource of any namespace', {}, 'NamespaceNotAllowed metadata.namespace: namespace shop', {}, 'shop'],
    ['a label with another value', {}, 'namespace shop', { labels: { shop: 'false' } }, 'shop'],
    ['istiod in the cluster’s own namespace', pilotIn('kube-system'), 'spec.components.pilot: namespace kube-system'],
    ['istiod in an application’s namespace', pilotIn('shop'), 'spec.components.pilot: namespace shop'],
    [
      'a gateway in the cluster’s own namespace',
      gatewayIn('kube-system'),
      'spec.components.ingressGateways: namespace kube-system',
    ],
    ['a gateway in the operator’s namespace', gatewayIn('sailwright-system'), 'namespace sailwright-system'],
    [
      'settings that are not permitted',
      PRIVILEGED,
      'SettingNotPermitted spec.components.pilot.k8s: sets spec.template.spec.volumes[name:v].hostPath of Deployment istio-system/istiod',
    ],
    ['permitted settings elsewhere', PRIVILEGED, 'NamespaceNotAllowed', { allowsPrivilegedSettings: true }, 'shop'],
  ])('refuses %s', async (_says, spec, cause, installation, namespace) => {
    expect(await judge(spec, installation, namespace)).toContain(cause);
  });

  it('reads the label afresh each time', async () => {
    const api = new FakeKubeApi();
    const settings = { controlPlaneNamespaces: [], allowsPrivilegedSettings: false, operatorNamespace: 'o' };
    const policy = new InstallationPolicy(api, settings);
    const metadata = { name: 'mesh', labels: { 'sailwright.dev/control-plane-namespace': 'true' } };
    api.seed({ apiVersion: 'v1', kind: 'Namespace', metadata });
    expect(await policy.judgeNamespace('mesh')).toBeUndefined();
    api.seed({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'mesh' } });
    expect((await policy.judgeNamespace('mesh'))?.reason).toBe('NamespaceNotAllowed');
  });
});
