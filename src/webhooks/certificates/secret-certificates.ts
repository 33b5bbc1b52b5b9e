import { errorText } from '../../core/error-text.ts';
import { FIELD_MANAGER } from '../../api/our-names.ts';
import type { KubeObject } from '../../core/kube-object.ts';
import { ApiError, isConflict } from '../../kube/errors.ts';
import type { Informer } from '../../kube/informer.ts';
import type { InformerPool } from '../../kube/informer-pool.ts';
import type { KubeApi } from '../../kube/kube-api.ts';
import { systemClock, type Clock } from '../../runtime/clock.ts';
import { WorkQueue, type WorkResult } from '../../runtime/work-queue.ts';
import type { Log } from '../../telemetry/log.ts';
import {
  bundleOf,
  readCertificateSecret,
  renderCertificateSecret,
  rotationStateOf,
  withIssued,
  withPrepared,
  withPromoted,
  withRetired,
  type CertificateMaterial,
} from './certificate-secret.ts';
import { CertificateBroadcast, type CertificateSource, type ServingCertificate } from './certificate-source.ts';
import { issueCertificate, type IssuedCertificate } from './issue-certificate.ts';
import { DEFAULT_ROTATION, planRotation, type RotationPolicy, type RotationStep } from './plan-rotation.ts';

/** The Secret's name, in the operator's namespace. */
export const CERTIFICATE_SECRET = 'sailwright-webhook-certificate';
const KEY = 'certificate';
const LONGEST_WAIT_MS = 6 * 3_600_000;

export interface SecretCertificatesOptions {
  /** May write whether this replica leads or not: all replicas share the work by optimistic concurrency. */
  api: KubeApi;
  informers: InformerPool;
  namespace: string;
  /** Names under which the API server calls. */
  names: readonly string[];
  /** Whether all webhook configurations carry this CA bundle. */
  isBundleWritten: (bundle: string) => boolean;
  log: Log;
  policy?: RotationPolicy;
  clock?: Clock;
}

/**
 * Serves from a Secret that all replicas share, and keeps it in order: makes it, renews what is in it, and puts it
 * back from memory when somebody deletes or breaks it. Of two replicas that write at once one wins, and the other
 * takes what the winner wrote.
 */
export class SecretCertificates implements CertificateSource {
  readonly informer: Informer;
  readonly #options: SecretCertificatesOptions;
  readonly #clock: Clock;
  readonly #policy: RotationPolicy;
  readonly #queue: WorkQueue;
  readonly #broadcast = new CertificateBroadcast();
  readonly #abort = new AbortController();
  /** The last material that could be served with. */
  #known: CertificateMaterial | undefined;
  #problem: string | undefined = 'the certificate Secret was not read yet';

  constructor(options: SecretCertificatesOptions) {
    const { informers, namespace, log } = options;
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#policy = options.policy ?? DEFAULT_ROTATION;
    const kind = { apiVersion: 'v1', kind: 'Secret' };
    this.informer = informers.open({ kind, namespace, fieldSelector: `metadata.name=${CERTIFICATE_SECRET}` });
    this.informer.subscribe(() => this.#queue.add(KEY));
    this.#queue = new WorkQueue({
      concurrency: 1,
      backoff: { baseMs: 200, maxMs: 10_000 },
      clock: this.#clock,
      process: () => this.#pass(),
      onFailure: ({ error, retryInMs }) => {
        this.#problem = errorText(error);
        log.warn({ error, retryInMs }, 'the webhook certificate could not be kept up to date');
      },
    });
  }

  get current(): ServingCertificate | undefined {
    return this.#broadcast.current;
  }

  get problem(): string | undefined {
    return this.#problem;
  }

  subscribe(handler: (serving: ServingCertificate) => void): () => void {
    return this.#broadcast.subscribe(handler);
  }

  start(): void {
    this.informer.start();
    this.#queue.start();
    void this.informer.waitForSync(this.#abort.signal).then(
      () => this.#queue.add(KEY),
      () => undefined,
    );
  }

  async stop(): Promise<void> {
    this.#abort.abort();
    await this.#queue.stop();
    await this.informer.stop();
  }

  async #pass(): Promise<WorkResult | void> {
    if (!this.informer.hasSynced) return;
    const { api, namespace } = this.#options;
    // From the server, not the informer: what was just written must be seen.
    const secret = await api.get({ apiVersion: 'v1', kind: 'Secret', namespace, name: CERTIFICATE_SECRET });
    const stored = secret ? readCertificateSecret(secret) : { formerCas: [], promotedAt: 0 };
    this.#serve(stored);
    const now = this.#clock.now();
    const restored = this.#findLost(stored, now);
    if (restored) {
      this.#options.log.warn({ secret: CERTIFICATE_SECRET }, 'the certificate Secret was lost; it is put back');
      return this.#store(restored, secret);
    }
    const step = this.#plan(stored, now);
    if (step.action === 'wait') return { requeueAfterMs: Math.min(Math.max(step.until - now, 50), LONGEST_WAIT_MS) };
    this.#options.log.info({ step: step.action, reason: step.reason }, 'webhook certificate');
    return this.#store(await this.#carryOut(step.action, stored, now), secret);
  }

  #serve(material: CertificateMaterial): void {
    const { current } = material;
    if (!current || current.notAfter <= this.#clock.now()) return;
    this.#known = material;
    this.#problem = undefined;
    const { certificate, key, notAfter } = current;
    this.#broadcast.publish({ certificate, key, caBundle: bundleOf(material), expiresAt: notAfter });
  }

  /** What was served with before somebody took it away: callers trust it, and a new pair they would not. */
  #findLost(stored: CertificateMaterial, now: number): CertificateMaterial | undefined {
    const known = this.#known;
    if (stored.current || stored.next || !known?.current) return undefined;
    return known.current.notAfter > now ? known : undefined;
  }

  #plan(material: CertificateMaterial, now: number): RotationStep {
    return planRotation({
      state: rotationStateOf(material),
      now,
      wantedNames: this.#options.names,
      isBundleWritten: this.#options.isBundleWritten(bundleOf(material)),
      policy: this.#policy,
    });
  }

  async #carryOut(
    action: Exclude<RotationStep['action'], 'wait'>,
    material: CertificateMaterial,
    now: number,
  ): Promise<CertificateMaterial> {
    switch (action) {
      case 'issue':
        return withIssued(material, await this.#issue(material, now), now);
      case 'prepare':
        return withPrepared(material, await this.#issue(material, now), now);
      case 'promote':
        return withPromoted(material, now);
      case 'retire':
        return withRetired(material);
    }
  }

  /** Names that another replica asked for stay: two replicas that are told different ones must not take turns. */
  #issue({ current }: CertificateMaterial, now: number): Promise<IssuedCertificate> {
    const names = [...new Set([...this.#options.names, ...(current?.names ?? [])])];
    return issueCertificate({ names, now, lifetimeMs: this.#policy.lifetimeMs });
  }

  async #store(material: CertificateMaterial, previous: KubeObject | undefined): Promise<WorkResult> {
    const { api, namespace } = this.#options;
    const secret = renderCertificateSecret({ name: CERTIFICATE_SECRET, namespace }, material, previous);
    try {
      if (previous) await api.replace(secret, { fieldManager: FIELD_MANAGER });
      else await api.create(secret);
      this.#serve(material);
    } catch (error) {
      if (previous && isInvalid(error)) {
        // A Secret that cannot be changed, or of a type that asks for other fields, is in the way.
        await api.delete({ ...CERTIFICATE_REF, namespace });
      } else if (!isConflict(error)) throw error;
    }
    return { requeueAfterMs: 0 };
  }
}

const CERTIFICATE_REF = { apiVersion: 'v1', kind: 'Secret', name: CERTIFICATE_SECRET };

function isInvalid(error: unknown): boolean {
  return error instanceof ApiError && error.status === 422;
}
