/** What a replica serves with and what callers should trust, all PEM. */
export interface ServingCertificate {
  certificate: string;
  key: string;
  caBundle: string;
  /** Milliseconds since the epoch. */
  expiresAt: number;
}

/** Where the serving certificate comes from. */
export interface CertificateSource {
  /** Undefined until there is one. */
  readonly current: ServingCertificate | undefined;
  /** Undefined while all is well, else what keeps it from delivering. */
  readonly problem: string | undefined;
  /** Called with what is known, and at every change. */
  subscribe(handler: (serving: ServingCertificate) => void): () => void;
  start(): void | Promise<void>;
  stop(): void | Promise<void>;
}

/** Keeps the last serving certificate and tells of changes. */
export class CertificateBroadcast {
  #current: ServingCertificate | undefined;
  readonly #handlers = new Set<(serving: ServingCertificate) => void>();

  get current(): ServingCertificate | undefined {
    return this.#current;
  }

  subscribe(handler: (serving: ServingCertificate) => void): () => void {
    this.#handlers.add(handler);
    if (this.#current) handler(this.#current);
    return () => void this.#handlers.delete(handler);
  }

  /** Tells all, unless nothing changed. */
  publish(serving: ServingCertificate): void {
    const before = this.#current;
    const isSame =
      before?.certificate === serving.certificate && before.key === serving.key && before.caBundle === serving.caBundle;
    if (isSame) return;
    this.#current = serving;
    for (const handler of this.#handlers) handler(serving);
  }
}
