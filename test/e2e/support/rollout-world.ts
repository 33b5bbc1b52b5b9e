// What ProxyRollouts are tested on: two control planes, a tag that leads to one of them, and shops that follow the tag.
import { PROXY_ROLLOUT, type ProxyRolloutStatus } from '../../../src/api/rollout/proxy-rollout.ts';
import type { KubeObject, ObjectRef } from '../../../src/core/kube-object.ts';
import { stampOf } from '../../../src/core/proxy-rollout/stamp.ts';
import { computeProgress } from '../../../src/core/proxy-rollout/workload-progress.ts';
import type { KubeClient } from '../../../src/kube/client.ts';
import { mapConcurrently } from '../../../src/runtime/map-concurrently.ts';
import { waitFor } from '../../../testbed/wait.ts';
import { displayEntry, fetchOperatorWrites } from './audit.ts';
import { MESH_NAMESPACE } from './resource.ts';

const webhookOf = (tag: string): ObjectRef => ({
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'MutatingWebhookConfiguration',
  name: `istio-revision-tag-${tag}`,
});
const SIDES = ['blue', 'green'] as const;
export type Side = (typeof SIDES)[number];
const { apiVersion, kind } = PROXY_ROLLOUT;

/** All shops, whose proxies the tag gives. */
export const ALL_SHOPS = { target: { tag: 'prod' }, namespaces: { matchLabels: { team: 'shop' } } };

export interface RolloutWorldOptions {
  admin: KubeClient;
  auditLog: string;
  /** Namespaces. */
  shops: readonly string[];
  /** Workloads of the shops. */
  workloads: readonly KubeObject[];
  patienceMs: number;
}

/** An object with a spec or whatever else it has. */
export function manifest(
  of: string,
  what: string,
  metadata: KubeObject['metadata'],
  more: Record<string, unknown> = {},
): KubeObject {
  return { apiVersion: of, kind: what, metadata, ...more };
}

/** A Deployment or StatefulSet of a shop. */
export function shopWorkload(
  what: string,
  { namespace, name, replicas }: { namespace: string; name: string; replicas: number },
  more: object = {},
): KubeObject {
  const labels = { app: name };
  const template = { metadata: { labels }, spec: { containers: [{ name: 'app', image: 'registry.example/app:1' }] } };
  const spec = { replicas, selector: { matchLabels: labels }, template, ...more };
  return manifest('apps/v1', what, { name, namespace, labels }, { spec });
}

export class RolloutWorld {
  readonly #options: RolloutWorldOptions;
  /** Where tags are to lead. */
  readonly #tags = new Map<string, Side>();

  constructor(options: RolloutWorldOptions) {
    this.#options = options;
  }

  /** Installs both control planes, lets the tag lead to `blue`, and waits until all shops run. */
  async setUp(): Promise<void> {
    const { admin, shops, workloads, patienceMs } = this.#options;
    await this.moveTag('blue');
    const patience = { timeoutMs: patienceMs };
    const areReady = async (): Promise<boolean> => (await this.#fetchReady()).every((status) => status === 'True');
    await waitFor('both control planes', areReady, patience);
    const isBinding = async (): Promise<boolean> => {
      const { webhooks = [] } = ((await admin.get(webhookOf('prod'))) ?? {}) as {
        webhooks?: { failurePolicy: string }[];
      };
      return webhooks.length > 0 && webhooks.every(({ failurePolicy }) => failurePolicy === 'Fail');
    };
    await waitFor('the tag to bind', isBinding, patience);
    const namespaces = shops.map((name) =>
      manifest('v1', 'Namespace', { name, labels: { 'istio.io/rev': 'prod', team: 'shop' } }),
    );
    for (const object of namespaces) await admin.apply(object, { fieldManager: 'test' });
    await mapConcurrently(workloads, 8, (object) => admin.apply(object, { fieldManager: 'test' }));
    await waitFor('all workloads', async () => (await this.listWorkloads()).every(isSettled), {
      timeoutMs: patienceMs,
      intervalMs: 500,
    });
  }

  /** Gives the tag to one of two IstioOperators, and waits until its webhook leads there. */
  async moveTag(side: Side, tag = 'prod'): Promise<void> {
    this.#tags.set(tag, side);
    for (const name of side === 'blue' ? SIDES : [...SIDES].reverse()) {
      const revisionTags = [...this.#tags].flatMap(([each, holder]) => (holder === name ? [each] : []));
      const spec = { profile: 'minimal', revision: name, values: { revisionTags } };
      const metadata = { name, namespace: MESH_NAMESPACE };
      const resource = manifest('install.istio.io/v1alpha1', 'IstioOperator', metadata, { spec });
      await this.#options.admin.apply(resource, { fieldManager: 'test', force: true });
    }
    await waitFor(`tag ${tag} to lead to ${side}`, async () => (await this.fetchTagTarget(tag)) === side, {
      timeoutMs: this.#options.patienceMs,
    });
  }

  async fetchTagTarget(tag = 'prod'): Promise<string | undefined> {
    return (await this.#options.admin.get(webhookOf(tag)))?.metadata.labels?.['istio.io/rev'];
  }

  /** Deployments and StatefulSets of the shops. */
  async listWorkloads(): Promise<KubeObject[]> {
    const { admin, shops } = this.#options;
    const lists = await Promise.all(
      ['Deployment', 'StatefulSet'].map(async (what) => {
        const { items } = await admin.list({ apiVersion: 'apps/v1', kind: what });
        return items
          .filter(({ metadata }) => shops.includes(metadata.namespace ?? ''))
          .map((item) => ({ ...item, kind: what }));
      }),
    );
    return lists.flat();
  }

  /** Those that a rollout has touched. */
  async listTouched(rollout: string): Promise<KubeObject[]> {
    return (await this.listWorkloads()).filter((each) => stampOf(each)?.rollout === rollout);
  }

  /** Creates a ProxyRollout: its UID. */
  async createRollout(namespace: string, name: string, spec: object): Promise<string> {
    const created = await this.#options.admin.create(manifest(apiVersion, kind, { name, namespace }, { spec }));
    return String(created.metadata['uid']);
  }

  async fetchStatus(namespace: string, name: string): Promise<ProxyRolloutStatus> {
    return (await this.#options.admin.get({ apiVersion, kind, namespace, name }))?.['status'] ?? {};
  }

  /** Waits until its status is so; `describe` adds to the error what else may help. */
  async waitForStatus(
    { namespace = MESH_NAMESPACE, name }: { namespace?: string; name: string },
    what: string,
    test: (status: ProxyRolloutStatus) => boolean,
    describe: () => Promise<string> = () => Promise.resolve(''),
  ): Promise<ProxyRolloutStatus> {
    let last: ProxyRolloutStatus = {};
    const read = async (): Promise<ProxyRolloutStatus | undefined> => {
      last = await this.fetchStatus(namespace, name);
      return test(last) ? last : undefined;
    };
    const options = { timeoutMs: this.#options.patienceMs };
    return waitFor(`${name} to be ${what}`, read, options).catch(async (error: unknown) => {
      throw new Error(`${String(error)}: ${JSON.stringify(last)}; ${await describe()}`, { cause: error });
    });
  }

  async annotate(namespace: string, name: string, annotations: Record<string, string>): Promise<void> {
    const patch = { metadata: { annotations } };
    await this.#options.admin.patch({ apiVersion, kind, namespace, name }, patch, {
      type: 'merge',
      fieldManager: 'test',
    });
  }

  /** Revisions of the proxies in a namespace, each once. */
  async listRevisions(namespace: string): Promise<string[]> {
    const { items } = await this.#options.admin.list({ apiVersion: 'v1', kind: 'Pod' }, { namespace });
    const alive = items.filter(({ metadata }) => metadata['deletionTimestamp'] === undefined);
    const statuses = alive.map(({ metadata }) => metadata.annotations?.['sidecar.istio.io/status'] ?? '{}');
    const revisions = statuses.map((status) => (JSON.parse(status) as { revision?: string }).revision ?? 'none');
    return [...new Set(revisions)].sort();
  }

  /** What the operator asked to write in the shops since then and was carried out, by the audit log of the API server. */
  async listWrites(since: Date): Promise<string[]> {
    const writes = await fetchOperatorWrites(this.#options.auditLog, since);
    return writes
      .filter(
        ({ objectRef, responseStatus }) =>
          (responseStatus?.code ?? 0) < 300 &&
          this.#options.shops.includes(objectRef?.namespace ?? '') &&
          objectRef?.resource !== 'events' &&
          objectRef?.resource !== 'proxyrollouts',
      )
      .map(displayEntry);
  }

  async #fetchReady(): Promise<(string | undefined)[]> {
    const { items } = await this.#options.admin.list({
      apiVersion: 'install.istio.io/v1alpha1',
      kind: 'IstioOperator',
    });
    const found = items.map(({ status }) => {
      const { conditions = [] } = (status ?? {}) as { conditions?: { type: string; status: string }[] };
      return conditions.find(({ type }) => type === 'Ready')?.status;
    });
    return found.length === SIDES.length ? found : [undefined];
  }
}

function isSettled(object: KubeObject): boolean {
  return computeProgress(object).isSettled;
}
