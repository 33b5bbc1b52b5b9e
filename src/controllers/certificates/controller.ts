import { CA_MANAGER, POLICY_MANAGER } from '../../api/our-names.ts';
import { refOf, type KubeObject, type ObjectRef } from '../../core/kube-object.ts';
import type { WebhookEndpoint } from '../../core/operator-endpoint.ts';
import { isKindNotServed } from '../../kube/errors.ts';
import type { Informer } from '../../kube/informer.ts';
import type { InformerPool } from '../../kube/informer-pool.ts';
import type { KubeApi } from '../../kube/kube-api.ts';
import { WorkQueue, type WorkResult } from '../../runtime/work-queue.ts';
import type { Log } from '../../telemetry/log.ts';
import type { CertificateSource } from '../../webhooks/certificates/certificate-source.ts';
import { entriesOf, isForDeletions, isOurs, WEBHOOK_KINDS } from '../../core/webhook-configuration.ts';
import { isBundleIn, planCaBundle, planFailurePolicy, type Operation } from './plan-configuration.ts';
import { isDenial, planProbe, type NamespaceLabels } from './plan-probe.ts';
import type { WebhookProofs } from './webhook-proofs.ts';

const API_VERSION = 'admissionregistration.k8s.io/v1';

export interface WebhookControllerOptions {
  /** Writes only while this replica leads. */
  api: KubeApi;
  informers: InformerPool;
  endpoint: WebhookEndpoint;
  certificates: CertificateSource;
  proofs: WebhookProofs;
  log: Log;
  /** How often a webhook that works is tried again; a minute unless told. */
  probeEveryMs?: number;
}

const PROBE_EVERY_MS = 60_000;
const BACKOFF = { baseMs: 250, maxMs: 15_000 };

/**
 * While this replica leads: keeps the CA bundle of every webhook configuration that calls the operator, proves by a dry
 * run that the API server gets through, and only then makes the webhook binding.
 */
export class WebhookController {
  readonly informers: readonly Informer[];
  readonly #options: WebhookControllerOptions;
  #queue: WorkQueue | undefined;
  #stopping: Promise<void> = Promise.resolve();

  constructor(options: WebhookControllerOptions) {
    this.#options = options;
    this.informers = WEBHOOK_KINDS.map((kind) => options.informers.open({ kind: { apiVersion: API_VERSION, kind } }));
    for (const informer of this.informers) {
      informer.subscribe(({ object }) => this.#queue?.add(`${object.kind}/${object.metadata.name}`));
    }
    options.certificates.subscribe(() => this.#enqueueAll());
  }

  start(): void {
    for (const informer of this.informers) informer.start();
  }

  async stop(): Promise<void> {
    await this.stopLeading();
    await Promise.all(this.informers.map((informer) => informer.stop()));
  }

  /** Whether every configuration that calls us carries the bundle; false while they are not known. */
  isBundleWritten(bundle: string): boolean {
    const encoded = Buffer.from(bundle, 'utf8').toString('base64');
    return this.informers.every(
      (informer) =>
        informer.hasSynced &&
        informer.list().every((configuration) => isBundleIn(configuration, this.#options.endpoint, encoded)),
    );
  }

  startLeading(): void {
    const { log } = this.#options;
    const queue = new WorkQueue({
      concurrency: 2,
      backoff: BACKOFF,
      process: (key) => this.#process(key),
      onFailure: ({ key, error, retryInMs }) =>
        log.warn({ configuration: key, error, retryInMs }, 'the webhook configuration could not be kept up to date'),
    });
    this.#queue = queue;
    this.#enqueueAll();
    void this.#stopping.then(() => {
      if (this.#queue === queue) queue.start();
    });
  }

  async stopLeading(): Promise<void> {
    const queue = this.#queue;
    this.#queue = undefined;
    if (queue) this.#stopping = queue.stop();
    await this.#stopping;
    if (!this.#queue) this.#options.proofs.forgetAll();
  }

  #enqueueAll(): void {
    for (const informer of this.informers) {
      for (const { kind, metadata } of informer.list()) this.#queue?.add(`${kind}/${metadata.name}`);
    }
  }

  async #process(key: string): Promise<WorkResult | void> {
    const { api, endpoint, proofs } = this.#options;
    const [kind = '', name = ''] = key.split('/');
    const ref: ObjectRef = { apiVersion: API_VERSION, kind, name };
    const read = await api.get(ref);
    if (!read || !entriesOf(read).some((entry) => isOurs(entry, endpoint))) {
      proofs.forget(kind, name);
      if (read) await this.#writeBundle(read);
      return;
    }
    const configuration = await this.#writeBundle(read);
    if (!configuration) return;
    const message = await this.#prove(configuration);
    if (message !== undefined) {
      proofs.set({ kind, name, isProven: false, isEnforced: isEnforced(configuration, endpoint), message });
      throw new Error(`${kind} ${name} is not proven: ${message}`);
    }
    const enforced = await this.#patch(configuration, planFailurePolicy(configuration, endpoint), POLICY_MANAGER);
    if (enforced !== configuration)
      this.#options.log.info({ configuration: key }, 'the webhook answers: it is binding now');
    proofs.set({ kind, name, isProven: true, isEnforced: isEnforced(enforced, endpoint), message: '' });
    return { requeueAfterMs: this.#options.probeEveryMs ?? PROBE_EVERY_MS };
  }

  /** Undefined while there is no certificate: its coming brings the configuration back. */
  async #writeBundle(configuration: KubeObject): Promise<KubeObject | undefined> {
    const { certificates, endpoint } = this.#options;
    const { current } = certificates;
    if (!current) return undefined;
    const bundle = Buffer.from(current.caBundle, 'utf8').toString('base64');
    return this.#patch(configuration, planCaBundle(configuration, endpoint, bundle), CA_MANAGER);
  }

  async #patch(configuration: KubeObject, patch: readonly Operation[], fieldManager: string): Promise<KubeObject> {
    if (patch.length === 0) return configuration;
    return this.#options.api.patch(refOf(configuration), patch, { type: 'json', fieldManager });
  }

  /** Undefined when the webhook refused the probe, else why that is not known. */
  async #prove(configuration: KubeObject): Promise<string | undefined> {
    const { api, endpoint } = this.#options;
    const probe = planProbe(configuration, endpoint, await this.#fetchNamespaces());
    if (!probe) return 'no namespace in the cluster is selected by it, so it could not be tried';
    try {
      await api.create(probe.object, { dryRun: true });
    } catch (error) {
      if (isKindNotServed(error)) return `the API server does not serve ${probe.object.kind}: is its CRD installed?`;
      const message = error instanceof Error ? error.message : String(error);
      if (isDenial(probe, message)) return undefined;
      return `a dry run did not get through to it: ${message}`;
    }
    return 'a dry run that it must refuse was let through: the API server does not reach it, or does not trust it';
  }

  async #fetchNamespaces(): Promise<NamespaceLabels[]> {
    const { items } = await this.#options.api.list({ apiVersion: 'v1', kind: 'Namespace' });
    return items
      .filter(({ metadata }) => metadata['deletionTimestamp'] === undefined)
      .map(({ metadata }) => ({ name: metadata.name, labels: metadata.labels ?? {} }));
  }
}

function isEnforced(configuration: KubeObject, endpoint: WebhookEndpoint): boolean {
  return entriesOf(configuration)
    .filter((entry) => isOurs(entry, endpoint) && !isForDeletions(entry))
    .every(({ failurePolicy }) => failurePolicy === 'Fail');
}
