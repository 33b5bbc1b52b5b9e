// Stands in for the injector of another installer's istiod, where no istiod runs: it answers over TLS of its own CA.
import { once } from 'node:events';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { decodeAdmissionReview, encodeAdmissionReview } from '../../../src/webhooks/admission-review.ts';
import { issueCertificate } from '../../../src/webhooks/certificates/issue-certificate.ts';

const LIFETIME_MS = 24 * 60 * 60_000;
const PATCH = [{ op: 'add', path: '/spec/containers/-', value: { name: 'istio-proxy', image: 'former' } }] as const;

export class FormerInjector {
  /** How many pods it was asked for. */
  asked = 0;
  /** What its webhooks call. */
  readonly clientConfig: { url: string; caBundle: string };
  readonly #server: Server;

  private constructor(server: Server, ca: string) {
    this.#server = server;
    const { port } = server.address() as AddressInfo;
    this.clientConfig = { url: `https://127.0.0.1:${port}/inject`, caBundle: Buffer.from(ca).toString('base64') };
  }

  static async start(): Promise<FormerInjector> {
    const { certificate, key, ca } = await issueCertificate({
      names: ['127.0.0.1'],
      now: Date.now(),
      lifetimeMs: LIFETIME_MS,
    });
    const server = createServer({ cert: certificate, key });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const injector = new FormerInjector(server, ca);
    server.on('request', (request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (part: string) => (body += part));
      request.on('end', () => response.setHeader('content-type', 'application/json').end(injector.#answer(body)));
    });
    return injector;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #answer(body: string): string {
    const review = decodeAdmissionReview(body);
    if (!review.ok) throw new Error(review.problem);
    this.asked += 1;
    return encodeAdmissionReview(review.version, review.request.uid, { allowed: true, patch: PATCH });
  }
}
