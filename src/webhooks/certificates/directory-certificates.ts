import { errorText } from '../../core/error-text.ts';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Log } from '../../telemetry/log.ts';
import { bundleOf, readPair, splitBundle } from './certificate-secret.ts';
import { CertificateBroadcast, type CertificateSource, type ServingCertificate } from './certificate-source.ts';

export interface DirectoryCertificatesOptions {
  /** Holds tls.crt, tls.key and ca.crt, as cert-manager's Secrets do when mounted. */
  directory: string;
  log: Log;
  /** How often the files are read; a mounted Secret changes by a swap of links that not every watch sees. */
  intervalMs?: number;
}

const DEFAULT_INTERVAL_MS = 5_000;

/** Takes the certificate from files that somebody else keeps up to date. */
export class DirectoryCertificates implements CertificateSource {
  readonly #options: DirectoryCertificatesOptions;
  readonly #broadcast = new CertificateBroadcast();
  #problem: string | undefined = 'the certificate files were not read yet';
  #timer: NodeJS.Timeout | undefined;
  #reading: Promise<void> = Promise.resolve();

  constructor(options: DirectoryCertificatesOptions) {
    this.#options = options;
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

  async start(): Promise<void> {
    await this.#read();
    const { intervalMs = DEFAULT_INTERVAL_MS } = this.#options;
    this.#timer = setInterval(() => {
      this.#reading = this.#read();
    }, intervalMs).unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#reading;
  }

  /** Files that do not fit together are passed over: a swap may be half done, and the last good pair serves on. */
  async #read(): Promise<void> {
    const problem = await this.#load().catch(errorText);
    if (problem !== undefined && problem !== this.#problem) {
      this.#options.log.warn({ directory: this.#options.directory, problem }, 'the certificate files are of no use');
    }
    this.#problem = problem;
  }

  async #load(): Promise<string | undefined> {
    const { directory } = this.#options;
    const read = (file: string): Promise<string> => readFile(join(directory, file), 'utf8');
    // One after the other: the problem names the first that is missing.
    const certificate = await read('tls.crt');
    const key = await read('tls.key');
    const ca = await read('ca.crt');
    // A chain may have its intermediates in tls.crt.
    const cas = [...splitBundle(ca), ...splitBundle(certificate).slice(1)];
    const pair = readPair(certificate, key, cas);
    if (!pair) return `tls.crt, tls.key and ca.crt in ${directory} do not belong together`;
    const caBundle = splitBundle(ca).join('') || bundleOf({ current: pair, formerCas: [], promotedAt: 0 });
    this.#broadcast.publish({ certificate, key, caBundle, expiresAt: pair.notAfter });
    return undefined;
  }
}
