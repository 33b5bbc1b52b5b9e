// A mesh that another installer made, on a cluster where the operator takes it over.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import type { KubeObject, ObjectRef } from '../../../src/core/kube-object.ts';
import { managedFieldsOf } from '../../../src/core/plan/field-ownership.ts';
import { createKubeClient, loadKubeConfig, type KubeClient } from '../../../src/kube/client.ts';
import { waitFor } from '../../../testbed/wait.ts';
import { runSailwright, type Ended } from '../../builders/run-sailwright.ts';
import { Environment } from './environment.ts';
import { MESH_NAMESPACE } from './resource.ts';

export const GATEWAY: ObjectRef = ref('apps/v1', 'Deployment', 'istio-ingressgateway');
export const ISTIOD: ObjectRef = ref('apps/v1', 'Deployment', 'istiod');
export const INJECTOR: ObjectRef = {
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'MutatingWebhookConfiguration',
  name: 'istio-sidecar-injector',
};
/** What `istioctl` makes beside the charts. */
export const TAG: ObjectRef = { ...INJECTOR, name: 'istio-revision-tag-default' };
export const DEFAULT_VALIDATOR: ObjectRef = {
  ...INJECTOR,
  kind: 'ValidatingWebhookConfiguration',
  name: 'istiod-default-validator',
};
/** What an installation has that its profile does not say. */
export const SPEC = {
  meshConfig: { accessLogFile: '/dev/stdout' },
  components: {
    ingressGateways: [{ name: 'istio-ingressgateway', enabled: true, k8s: { env: [{ name: 'EDGE', value: 'yes' }] } }],
  },
};

/** An object in the namespace of the control plane. */
export function ref(apiVersion: string, kind: string, name: string): ObjectRef {
  return { apiVersion, kind, namespace: MESH_NAMESPACE, name };
}

export const withMetadata = (object: KubeObject, labels: object, annotations: object): KubeObject => ({
  ...object,
  metadata: {
    ...object.metadata,
    labels: { ...object.metadata.labels, ...labels },
    annotations: { ...object.metadata.annotations, ...annotations },
  },
});

export const templateOf = ({ spec }: KubeObject): unknown => (spec as { template: unknown }).template;

/** `sailwright Apply`, of the object itself. */
export const managersOf = (object: KubeObject): string[] =>
  managedFieldsOf(object)
    .filter(({ subresource }) => !subresource)
    .map(({ manager, operation }) => `${manager} ${operation}`)
    .sort();

export class FormerMesh {
  readonly environment: Environment;
  readonly admin: KubeClient;

  private constructor(environment: Environment, admin: KubeClient) {
    this.environment = environment;
    this.admin = admin;
  }

  static async start(): Promise<FormerMesh> {
    const environment = await Environment.start();
    const kubeConfig = loadKubeConfig(environment.cluster.kubeconfig);
    return new FormerMesh(environment, createKubeClient({ version: 'test', kubeConfig }));
  }

  async stop(): Promise<void> {
    this.admin.close();
    await this.environment.stop();
  }

  async adopt(...args: string[]): Promise<Ended> {
    return runSailwright(['adopt', ...args, '--kubeconfig', this.environment.cluster.kubeconfig]);
  }

  /** What Istio's own tool would apply, in its form. */
  async render(spec: object): Promise<KubeObject[]> {
    const file = join(this.environment.folder, 'former.json');
    await writeFile(file, JSON.stringify({ apiVersion: 'install.istio.io/v1alpha1', kind: 'IstioOperator', spec }));
    const { code, out, err } = await runSailwright(['manifest', 'generate', '--upstream', '-f', file]);
    if (code !== 0 || err !== '') throw new Error(`manifest generate ended with ${code}: ${err}`);
    return parseAllDocuments(out).map((document) => document.toJS() as KubeObject);
  }

  /** As `istioctl` installs a control plane without a revision: it injects by a tag, and the plain injector matches nothing. */
  async installByIstioctl(spec: object, labels: object): Promise<void> {
    const objects = await this.render(spec);
    const plain = find(objects, INJECTOR);
    const validator = find(await this.render({ ...spec, values: { defaultRevision: 'default' } }), DEFAULT_VALIDATOR);
    const tag = withMetadata(
      { ...plain, metadata: { ...plain.metadata, name: TAG.name } },
      { 'istio.io/tag': 'default' },
      {},
    );
    const all = [...objects.map(withEmptyAffinity), validator, tag].map((object) => withMetadata(object, labels, {}));
    await this.install(all, 'istio-operator');
    const never = { matchLabels: { 'istio.io/deactivated': 'never-match' } };
    const entries = (plain['webhooks'] as object[]).map((_, index) => index);
    const patch = entries.flatMap((index) =>
      ['namespaceSelector', 'objectSelector'].map((selector) => ({
        op: 'replace',
        path: `/webhooks/${index}/${selector}`,
        value: never,
      })),
    );
    await this.admin.patch(INJECTOR, patch, { type: 'json', fieldManager: 'istioctl' });
  }

  /** Applies objects as another manager does, and waits until they run. */
  async install(objects: readonly KubeObject[], manager: string): Promise<void> {
    const list = { apiVersion: 'v1', kind: 'List', items: objects };
    const args = ['apply', '--server-side', '--force-conflicts', `--field-manager=${manager}`, '-f', '-'];
    await this.environment.kubectl(args, JSON.stringify(list));
    await this.waitForPods();
  }

  async waitForPods(workloads: readonly ObjectRef[] = [ISTIOD, GATEWAY]): Promise<void> {
    await waitFor('the pods of the mesh', async () => {
      const found = await Promise.all(workloads.map((one) => this.admin.get(one)));
      return found.flatMap((object) => object ?? []).every(isRolledOut);
    });
  }

  async get(object: ObjectRef): Promise<KubeObject> {
    const found = await this.admin.get(object);
    if (!found) throw new Error(`${object.kind} ${object.name} is missing`);
    return found;
  }

  /** Names of the pods of a Deployment. */
  async podsOf({ name, namespace = MESH_NAMESPACE }: ObjectRef): Promise<string[]> {
    const { items } = await this.admin.list({ apiVersion: 'v1', kind: 'Pod' }, { namespace });
    return items
      .map(({ metadata }) => metadata.name)
      .filter((pod) => pod.startsWith(`${name}-`))
      .sort();
  }
}

function isRolledOut({ metadata, status }: KubeObject): boolean {
  const { observedGeneration, availableReplicas = 0, unavailableReplicas = 0 } = status as Record<string, number>;
  return observedGeneration === metadata['generation'] && availableReplicas > 0 && unavailableReplicas === 0;
}

function find(objects: readonly KubeObject[], { kind, name }: ObjectRef): KubeObject {
  const found = objects.find((object) => object.kind === kind && object.metadata.name === name);
  if (!found) throw new Error(`${kind} ${name} is not rendered`);
  return found;
}

/** Gateways of `istioctl` have one that says nothing. */
function withEmptyAffinity(object: KubeObject): KubeObject {
  if (object.kind !== 'Deployment' || object.metadata.name !== GATEWAY.name) return object;
  const { template, ...spec } = object['spec'] as { template: { spec: object } };
  const pod = { ...template.spec, affinity: { nodeAffinity: {} } };
  return { ...object, spec: { ...spec, template: { ...template, spec: pod } } };
}
