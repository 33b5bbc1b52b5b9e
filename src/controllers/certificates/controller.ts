import { errorText } from '../../core/error-text.ts';
import { CA_MANAGER, FIELD_MANAGER, POLICY_MANAGER } from '../../api/our-names.ts';
import { refOf, type KubeObject, type ObjectRef } from '../../core/kube-object.ts';
import type { WebhookEndpoint } from '../../core/operator-endpoint.ts';
import type { WebhookProof } from '../../core/status/webhook-conditions.ts';
import type { ContestedField } from '../contests.ts';
import { isKindNotServed } from '../../kube/errors.ts';
import type { Informer } from '../../kube/informer.ts';
import type { InformerPool } from '../../kube/informer-pool.ts';
import type { KubeApi } from '../../kube/kube-api.ts';
import { LeaderQueue, type PassEnd } from '../../runtime/leader-queue.ts';
import type { Log } from '../../telemetry/log.ts';
import type { Metrics } from '../../telemetry/metrics.ts';
import type { CertificateSource } from '../../webhooks/certificates/certificate-source.ts';
import { entriesOf, isForDeletions, isOurs, WEBHOOK_KINDS } from '../../core/webhook-configuration.ts';
import { planChangesEntry } from './plan-changes-entry.ts';
import { isBundleIn, planCaBundle, planFailurePolicy } from './plan-configuration.ts';
import { isDenial, planProbe, type NamespaceLabels } from './plan-probe.ts';
import { WebhookRepairs, type Write } from './repairs.ts';
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
  metrics?: Metrics;
  /** How often a webhook that works is tried again; a minute unless told. */
  probeEveryMs?: number;
  /** Milliseconds since the epoch. */
  now?: () => number;
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
  readonly #queue: LeaderQueue;
  #repairs: WebhookRepairs;

  constructor(options: WebhookControllerOptions) {
    this.#options = options;
    this.#repairs = new WebhookRepairs(options.now ?? Date.now);
    this.informers = WEBHOOK_KINDS.map((kind) => options.informers.open({ kind: { apiVersion: API_VERSION, kind } }));
    this.#queue = new LeaderQueue({
      name: 'webhook-configurations',
      pass: (key) => this.#process(key),
      listKeys: () => this.informers.flatMap((informer) => informer.list()).map(keyOf),
      concurrency: 2,
      backoff: BACKOFF,
      log: options.log,
      metrics: options.metrics,
    });
    for (const informer of this.informers) informer.subscribe(({ object }) => this.#queue.add(keyOf(object)));
    options.certificates.subscribe(() => this.#queue.addAll());
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

  /** Fields that others keep changing back, while this replica leads. */
  listContestedFields(): ContestedField[] {
    return this.#queue.isLeading ? this.#repairs.list() : [];
  }

  startLeading(): void {
    this.#repairs = new WebhookRepairs(this.#options.now ?? Date.now);
    this.#queue.startLeading();
  }

  async stopLeading(): Promise<void> {
    await this.#queue.stopLeading();
    if (!this.#queue.isLeading) this.#options.proofs.forgetAll();
  }

  async #process(key: string): Promise<PassEnd | void> {
    const { api, endpoint, proofs, certificates } = this.#options;
    const [kind = '', name = ''] = key.split('/');
    const ref: ObjectRef = { apiVersion: API_VERSION, kind, name };
    const read = await api.get(ref);
    const isConcerned = read && entriesOf(read).some((entry) => isOurs(entry, endpoint));
    if (!isConcerned) {
      proofs.forget(kind, name);
      this.#repairs.forget(kind, name);
    }
    const { current } = certificates;
    // A certificate that comes brings the configuration back.
    if (!read || !current) return;
    if (isConcerned) return this.#keep(read, current);
    await this.#write(this.#planBundle(read, current));
  }

  /** Keeps a configuration that calls us, as far as nothing has to wait. */
  async #keep(read: KubeObject, current: { caBundle: string }): Promise<PassEnd> {
    const repairs = [this.#planEntry(read), this.#planBundle(read, current), this.#planPolicy(read)];
    const waitMs = repairs.map((write) => this.#repairs.waitOf(write)).find((wait) => wait > 0);
    if (waitMs !== undefined) {
      this.#tellContested(read);
      return { requeueAfterMs: waitMs };
    }
    const complete = await this.#write(this.#planEntry(read));
    const configuration = await this.#write(this.#planBundle(complete, current));
    const { kind, metadata } = configuration;
    const message = await this.#prove(configuration);
    if (message !== undefined) {
      this.#tell(configuration, { isProven: false, message });
      throw new Error(`${kind} ${metadata.name} is not proven: ${message}`);
    }
    const enforced = await this.#write(this.#planPolicy(configuration));
    if (enforced !== configuration)
      this.#options.log.info({ configuration: keyOf(configuration) }, 'the webhook answers: it is binding now');
    this.#tell(enforced, { isProven: true, message: '' });
    return { requeueAfterMs: this.#options.probeEveryMs ?? PROBE_EVERY_MS };
  }

  #planEntry(configuration: KubeObject): Write {
    const operations = planChangesEntry(configuration, this.#options.endpoint);
    return { configuration, operations, fieldManager: FIELD_MANAGER };
  }

  #planBundle(configuration: KubeObject, { caBundle }: { caBundle: string }): Write {
    const bundle = Buffer.from(caBundle, 'utf8').toString('base64');
    const operations = planCaBundle(configuration, this.#options.endpoint, bundle);
    return { configuration, operations, fieldManager: CA_MANAGER };
  }

  #planPolicy(configuration: KubeObject): Write {
    const operations = planFailurePolicy(configuration, this.#options.endpoint);
    return { configuration, operations, fieldManager: POLICY_MANAGER };
  }

  async #write(write: Write): Promise<KubeObject> {
    const { configuration, operations, fieldManager } = write;
    if (operations.length === 0) return configuration;
    const written = await this.#options.api.patch(refOf(configuration), operations, { type: 'json', fieldManager });
    this.#repairs.note(write);
    return written;
  }

  #tell(configuration: KubeObject, proof: Pick<WebhookProof, 'isProven' | 'message'>): void {
    const { proofs, endpoint } = this.#options;
    const { kind, metadata } = configuration;
    const contested = this.#repairs.describe(configuration);
    proofs.set({
      kind,
      name: metadata.name,
      isEnforced: isEnforced(configuration, endpoint),
      ...proof,
      ...(contested === '' ? {} : { contested }),
    });
  }

  /** A repair waits: what was known of the webhook before stands. */
  #tellContested(configuration: KubeObject): void {
    const { kind, metadata } = configuration;
    const known = this.#options.proofs.find(kind, metadata.name);
    this.#tell(configuration, known ?? { isProven: false, message: 'not tried yet' });
  }

  /** Undefined when the webhook refused the probe, else why that is not known. */
  async #prove(configuration: KubeObject): Promise<string | undefined> {
    const { api, endpoint } = this.#options;
    const beside = this.informers
      .flatMap((informer) => informer.list())
      .filter(({ kind }) => kind === configuration.kind);
    const probe = planProbe(configuration, endpoint, { namespaces: await this.#fetchNamespaces(), beside });
    if (!probe) return 'no namespace in the cluster is selected by it, so it could not be tried';
    try {
      await api.create(probe.object, { dryRun: true });
    } catch (error) {
      if (isKindNotServed(error)) return `the API server does not serve ${probe.object.kind}: is its CRD installed?`;
      const message = errorText(error);
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

function keyOf({ kind, metadata }: KubeObject): string {
  return `${kind}/${metadata.name}`;
}

function isEnforced(configuration: KubeObject, endpoint: WebhookEndpoint): boolean {
  return entriesOf(configuration)
    .filter((entry) => isOurs(entry, endpoint) && !isForDeletions(entry))
    .every(({ failurePolicy }) => failurePolicy === 'Fail');
}
