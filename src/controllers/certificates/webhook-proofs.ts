import type { KubeObject } from '../../core/kube-object.ts';
import type { WebhookEndpoint } from '../../core/operator-endpoint.ts';
import type { ObservedWebhook, WebhookProof } from '../../core/status/webhook-conditions.ts';
import { entriesOf, isOurs, WEBHOOK_KINDS } from '../../core/webhook-configuration.ts';

/** What the leader found out about webhook configurations; shared with the status of IstioOperators. */
export class WebhookProofs {
  readonly #proofs = new Map<string, WebhookProof>();
  readonly #handlers = new Set<() => void>();
  readonly #endpoint: WebhookEndpoint;
  readonly #findBundle: () => string | undefined;

  /** `findBundle` gives the bundle (PEM) of the certificate that is served. */
  constructor(endpoint: WebhookEndpoint, findBundle: () => string | undefined) {
    this.#endpoint = endpoint;
    this.#findBundle = findBundle;
  }

  get bundle(): string | undefined {
    const bundle = this.#findBundle();
    return bundle === undefined ? undefined : Buffer.from(bundle, 'utf8').toString('base64');
  }

  get isReached(): boolean {
    return this.list().some(({ isProven }) => isProven);
  }

  observe(configuration: KubeObject): ObservedWebhook | undefined {
    const { kind, metadata } = configuration;
    if (!WEBHOOK_KINDS.some((known) => known === kind)) return undefined;
    if (!entriesOf(configuration).some((entry) => isOurs(entry, this.#endpoint))) return undefined;
    const proof = this.#proofs.get(keyOf(kind, metadata.name));
    return { kind, name: metadata.name, ...(proof ? { proof } : {}) };
  }

  find(kind: string, name: string): WebhookProof | undefined {
    return this.#proofs.get(keyOf(kind, name));
  }

  list(): WebhookProof[] {
    return [...this.#proofs.values()];
  }

  set(proof: WebhookProof): void {
    const key = keyOf(proof.kind, proof.name);
    const before = this.#proofs.get(key);
    this.#proofs.set(key, proof);
    if (JSON.stringify(before) !== JSON.stringify(proof)) this.#notify();
  }

  forget(kind: string, name: string): void {
    if (this.#proofs.delete(keyOf(kind, name))) this.#notify();
  }

  /** What was found out is out of date, once others may find out more. */
  forgetAll(): void {
    if (this.#proofs.size === 0) return;
    this.#proofs.clear();
    this.#notify();
  }

  /** Called after every change. */
  subscribe(handler: () => void): () => void {
    this.#handlers.add(handler);
    return () => void this.#handlers.delete(handler);
  }

  #notify(): void {
    for (const handler of this.#handlers) handler();
  }
}

function keyOf(kind: string, name: string): string {
  return `${kind}/${name}`;
}
