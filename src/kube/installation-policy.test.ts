import { describe, expect, it } from 'vitest';
import { FakeKubeApi } from '../../test/builders/fake-kube-api.ts';
import { formatRefusal } from '../core/authorize/refusal.ts';
import type { JsonObject, KubeObject } from '../core/kube-object.ts';
import { withOwnerLabels } from '../core/plan/owner-labels.ts';
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
  account?: KubeObject;
}

function policyOf({
  names = [],
  labels = {},
  allowsPrivilegedSettings = false,
  account,
}: Installation): InstallationPolicy {
  const api = new FakeKubeApi();
  if (account) api.seed(account);
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

  describe('of the account of a gateway', () => {
    const POD = 'spec.template.spec';
    const edgeUnder = (name: string, ...more: JsonObject[]): JsonObject => {
      const patches = [{ path: `${POD}.serviceAccountName`, value: name }, ...more];
      const overlays = [{ kind: 'Deployment', name: 'edge', patches }];
      return {
        components: { ingressGateways: [{ name: 'edge', enabled: true, namespace: 'shop', k8s: { overlays } }] },
      };
    };
    const istiodUnder = (name: string): JsonObject => {
      const patches = [{ path: `${POD}.serviceAccountName`, value: name }];
      return { components: { pilot: { k8s: { overlays: [{ kind: 'Deployment', name: 'istiod', patches }] } } } };
    };
    const account = (gateway?: string, namespace = 'shop'): KubeObject => ({
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: {
        name: 'helms',
        namespace,
        ...(gateway ? { annotations: { 'sailwright.dev/lent-to-gateway': gateway } } : {}),
      },
    });
    const owner = { name: 'mesh', namespace: 'istio-system' };
    const rendered = withOwnerLabels(account('edge'), { owner, component: 'Pilot', revision: '' });
    const REFUSED = `sets ${POD}.serviceAccountName of Deployment shop/edge, which this installation does not permit`;

    it('applies one that is lent to it', async () => {
      expect(await judge(edgeUnder('helms'), { account: account('edge') })).toBe('applied');
    });

    it.each<[says: string, spec: JsonObject, cause: string, account?: KubeObject]>([
      ['one that is not there', edgeUnder('helms'), REFUSED],
      ['one that nobody lends', edgeUnder('helms'), REFUSED, account()],
      ['one that is lent to another', edgeUnder('helms'), REFUSED, account('other')],
      ['one that is lent to all', edgeUnder('helms'), REFUSED, account('*')],
      ['one of another namespace', edgeUnder('helms'), REFUSED, account('edge', 'istio-system')],
      ['one that an IstioOperator renders', edgeUnder('helms'), REFUSED, rendered],
      ['a name that leads elsewhere', edgeUnder('../serviceaccounts/helms'), REFUSED, account('edge')],
      ['one of no name', edgeUnder('..'), REFUSED, account('edge')],
      [
        'the former name of the field, which nothing lends',
        edgeUnder('helms', { path: `${POD}.serviceAccount`, value: 'helms' }),
        `sets ${POD}.serviceAccount of Deployment shop/edge`,
        account('edge'),
      ],
      [
        'what else is set beside one that is lent',
        edgeUnder('helms', { path: `${POD}.hostNetwork`, value: true }),
        `sets ${POD}.hostNetwork of Deployment shop/edge`,
        account('edge'),
      ],
      [
        'another name, so that the pods of the gateway are others',
        edgeUnder('helms', { path: 'metadata.name', value: 'other' }),
        'sets metadata.name of Deployment shop/edge',
        account('other'),
      ],
      ['one of istiod', istiodUnder('helms'), 'of Deployment istio-system/istiod', account('istiod', 'istio-system')],
    ])('refuses %s', async (_says, spec, cause, lent) => {
      expect(await judge(spec, lent ? { account: lent } : {})).toContain(cause);
    });

    it('says how it is lent', async () => {
      expect(await judge(edgeUnder('helms'))).toContain(
        'annotation sailwright.dev/lent-to-gateway=edge on ServiceAccount shop/helms lends the account; ' +
          "the operator's flag --allow-privileged-settings permits it",
      );
    });
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
