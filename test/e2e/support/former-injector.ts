// Stands in for the injector of another installer's istiod, where no istiod runs: it answers over TLS of its own CA.
import { once } from 'node:events';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { refOf, type KubeObject } from '../../../src/core/kube-object.ts';
import { entriesOf, INJECTOR_KIND } from '../../../src/core/webhook-configuration.ts';
import type { KubeClient } from '../../../src/kube/client.ts';
import { decodeAdmissionReview, encodeAdmissionReview } from '../../../src/webhooks/admission-review.ts';
import { issueCertificate } from '../../../src/webhooks/certificates/issue-certificate.ts';

const LIFETIME_MS = 24 * 60 * 60_000;
const PROXY = { name: 'istio-proxy', image: 'former' };
const PATCH = [{ op: 'add', path: '/spec/containers/-', value: PROXY }] as const;

export class FormerInjector {
  /** How many pods it was asked for. */
  asked = 0;
  readonly #server: Server;
  readonly #url: string;
  /** Base64 of PEM. */
  readonly #caBundle: string;

  private constructor(server: Server, ca: string) {
    this.#server = server;
    const { port } = server.address() as AddressInfo;
    this.#url = `https://127.0.0.1:${port}/inject`;
    this.#caBundle = Buffer.from(ca).toString('base64');
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

  /** The object with all that injects calling this; an installer gives no bundle. */
  calledBy(object: KubeObject): KubeObject {
    if (object.kind !== INJECTOR_KIND.kind) return object;
    const webhooks = object['webhooks'] as object[];
    return { ...object, webhooks: webhooks.map((entry) => ({ ...entry, clientConfig: { url: this.#url } })) };
  }

  /** Has the API server trust it, as istiod does by itself. */
  async writeBundles(admin: KubeClient): Promise<void> {
    const { items } = await admin.list(INJECTOR_KIND);
    for (const object of items) {
      const patch = entriesOf(object).map((_, index) => ({
        op: 'add',
        path: `/webhooks/${index}/clientConfig/caBundle`,
        value: this.#caBundle,
      }));
      await admin.patch(refOf(object), patch, { type: 'json', fieldManager: 'pilot-discovery' });
    }
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
    const { spec } = review.request.object as unknown as { spec: { containers: { name: string }[] } };
    const patch = spec.containers.some(({ name }) => name === PROXY.name) ? [] : PATCH;
    return encodeAdmissionReview(review.version, review.request.uid, { allowed: true, patch });
  }
}
