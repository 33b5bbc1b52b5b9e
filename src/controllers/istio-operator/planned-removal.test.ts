import { expect, it } from 'vitest';
import { FIELD_MANAGER, FINALIZER, FORCE_DELETE_ANNOTATION } from '../../api/our-names.ts';
import { namespaceObject, OWNER, podObject, renderControlPlane } from '../../../test/builders/control-plane.ts';
import { FakeKubeApi, refused } from '../../../test/builders/fake-kube-api.ts';
import { refOf, type JsonObject, type KubeObject } from '../../core/kube-object.ts';
import { render } from '../../core/render/render.ts';
import { InstallationPolicy } from '../../kube/installation-policy.ts';
import { fetchUsersOfRemoval, type RemovalUsers } from './planned-removal.ts';

const DEFAULTS = { hub: 'docker.io/istio', tag: '1.31.4' };
const CANARY = { revision: 'canary' };
const FORCE = { [FORCE_DELETE_ANNOTATION]: 'true' };

const plane = (values: JsonObject): KubeObject[] => renderControlPlane(values).map(asApplied);

function asApplied(object: KubeObject): KubeObject {
  const managedFields = [{ manager: FIELD_MANAGER, operation: 'Apply', fieldsType: 'FieldsV1', fieldsV1: {} }];
  return { ...object, metadata: { ...object.metadata, managedFields } };
}

function istioOperator(metadata: JsonObject = {}, values: JsonObject = CANARY): KubeObject {
  const document = {
    apiVersion: 'install.istio.io/v1alpha1',
    kind: 'IstioOperator',
    metadata: { ...OWNER, uid: 'u1', finalizers: [FINALIZER], ...metadata },
    spec: { values },
  };
  return document;
}

const renderStored = (resource: KubeObject): ReturnType<typeof render> =>
  render({ documents: [resource as unknown as JsonObject] }, { form: 'sailwright', defaults: DEFAULTS });

interface Case {
  resource?: KubeObject;
  /** Left out for a deletion. */
  next?: KubeObject;
  objects?: KubeObject[];
  installed?: KubeObject[];
}

async function find({ resource = istioOperator(), next, objects = [], installed }: Case): Promise<RemovalUsers> {
  const api = new FakeKubeApi();
  for (const object of [...(installed ?? plane(CANARY)), ...objects]) api.seed(object);
  return fetchUsersOfRemoval(sourceOf(api), { resource, next, desired: next ? desiredOf(next) : [] });
}

function sourceOf(api: FakeKubeApi): Parameters<typeof fetchUsersOfRemoval>[0] {
  const policy = new InstallationPolicy(api, {
    operatorNamespace: 'sailwright-system',
    controlPlaneNamespaces: [OWNER.namespace],
    allowsPrivilegedSettings: false,
  });
  return { api, policy, render: renderStored };
}

function desiredOf(resource: KubeObject): KubeObject[] {
  const rendered = renderStored(resource);
  if (!rendered.ok) throw new Error(JSON.stringify(rendered.problems));
  return rendered.value.components.flatMap(({ objects }) => objects);
}

const APPS = namespaceObject('apps', { 'istio.io/rev': 'canary' });
const CONTROL_PLANE = namespaceObject(OWNER.namespace);
const sidecar = (namespace: string, labels: Record<string, string> = {}): KubeObject => ({
  ...podObject(namespace, 'proxy', { labels: { 'istio.io/rev': 'canary', ...labels } }),
  spec: { containers: [{ name: 'istio-proxy' }] },
});
const gateway = asApplied({
  ...(plane(CANARY).find(({ kind }) => kind === 'Deployment') as KubeObject),
  spec: { selector: { matchLabels: { app: 'gateway' } } },
});
gateway.metadata = {
  ...gateway.metadata,
  name: 'gateway',
  labels: { ...gateway.metadata.labels, 'operator.istio.io/component': 'IngressGateways' },
};
const istiodIn = (namespace: string): KubeObject => {
  const istiod = plane(CANARY).find(({ kind }) => kind === 'Deployment') as KubeObject;
  return { ...istiod, metadata: { ...istiod.metadata, namespace } };
};

const IN_USE = 'revision canary is in use by 1 namespace (apps)';

it.each<[title: string, input: Case, users: string]>([
  ['a deletion', { objects: [APPS] }, IN_USE],
  ['a deletion that takes nothing from anybody', { objects: [namespaceObject('apps')] }, ''],
  ['a deletion by force', { resource: istioOperator({ annotations: FORCE }), objects: [APPS] }, ''],
  ['a deletion that leaves everything behind', { resource: istioOperator({ finalizers: [] }), objects: [APPS] }, ''],
  ['a deletion with gateways of its own', { objects: [gateway, sidecar(OWNER.namespace, { app: 'gateway' })] }, ''],
  ['a deletion with a pod of others', { objects: [gateway, sidecar('apps')] }, '1 pod (apps/proxy)'],
  ['another revision', { next: istioOperator({}, { revision: 'next' }), objects: [APPS] }, IN_USE],
  [
    'another revision by force',
    { next: istioOperator({ annotations: FORCE }, { revision: 'next' }), objects: [APPS] },
    '',
  ],
  ['another setting', { next: istioOperator({}, { ...CANARY, global: { logAsJson: true } }), objects: [APPS] }, ''],
  [
    'a tag that is dropped',
    {
      installed: plane({ ...CANARY, revisionTags: ['prod'] }),
      next: istioOperator(),
      objects: [namespaceObject('apps', { 'istio.io/rev': 'prod' })],
    },
    'tag prod is in use by 1 namespace (apps)',
  ],
  ['what another IstioOperator keeps', { objects: [APPS, CONTROL_PLANE, istioOperator({ name: 'b', uid: 'u2' })] }, ''],
  [
    'labels in a namespace where the owner has nothing',
    { installed: [istiodIn('elsewhere')], objects: [sidecar('apps')] },
    '',
  ],
  [
    'a control plane in a namespace of the inventory',
    {
      resource: {
        ...istioOperator(),
        status: { inventory: [{ ...refOf(istiodIn('elsewhere')), component: 'Pilot' }] },
      },
      installed: [istiodIn('elsewhere')],
      objects: [sidecar('apps')],
    },
    '1 pod (apps/proxy)',
  ],
])('%s', async (_title, input, users) => {
  const { text: found } = await find(input);
  if (users === '') expect(found).toBe('');
  else {
    expect(found).toContain(users);
    expect(found).toContain(`${FORCE_DELETE_ANNOTATION}: "true"`);
  }
});

it.each<[string, Case, boolean]>([
  ['a tag alone', { next: istioOperator() }, true],
  ['a tag and its control plane', { next: istioOperator({}, { revision: 'next' }) }, false],
  ['all', {}, false],
])('knows whether it stays while it is used: %s', async (_what, input, isKept) => {
  const installed = plane({ ...CANARY, revisionTags: ['prod'] });
  const objects = [namespaceObject('apps', { 'istio.io/rev': 'prod' })];
  expect(await find({ installed, objects, ...input })).toMatchObject({ isKept });
});

it('looks where the control plane is by its spec when the status was lost', async () => {
  const spec = { values: { ...CANARY, global: { istioNamespace: 'elsewhere' } }, namespace: 'elsewhere' };
  const resource = { ...istioOperator(), spec } as KubeObject;
  const { text } = await find({ resource, installed: [istiodIn('elsewhere')], objects: [sidecar('apps')] });
  expect(text).toContain('1 pod');
});

it('names the first of many, and how many there are', async () => {
  const objects = Array.from({ length: 30 }, (_, i) => namespaceObject(`apps-${i + 10}`, { 'istio.io/rev': 'canary' }));
  const { text } = await find({ objects });
  expect(text).toContain('30 namespaces (apps-10, apps-11, apps-12, apps-13, apps-14 and 25 more)');
});

it('knows nothing when the cluster cannot be asked', async () => {
  const api = new FakeKubeApi();
  api.fault = ({ verb }) => (verb === 'list' ? refused(500, 'InternalError') : undefined);
  const removal = { resource: istioOperator(), next: undefined, desired: [] };
  await expect(fetchUsersOfRemoval(sourceOf(api), removal)).rejects.toThrow('MutatingWebhookConfiguration: ');
});
