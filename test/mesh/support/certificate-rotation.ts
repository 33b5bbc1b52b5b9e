// The webhook certificate's whole life in seconds: what a rotation waits for is time, and the Secret says how much passed.
import { X509Certificate } from 'node:crypto';

import { PREPARED_AT_ANNOTATION, PROMOTED_AT_ANNOTATION } from '../../../src/api/our-names.ts';
import type { KubeObject } from '../../../src/core/kube-object.ts';
import type { KubeClient } from '../../../src/kube/client.ts';
import {
  readCertificateSecret,
  renderCertificateSecret,
  splitBundle,
  withPrepared,
  type CertificateMaterial,
} from '../../../src/webhooks/certificates/certificate-secret.ts';
import { issueCertificate } from '../../../src/webhooks/certificates/issue-certificate.ts';
import { CERTIFICATE_SECRET } from '../../../src/webhooks/certificates/secret-certificates.ts';
import { OPERATOR_NAMESPACE as NAMESPACE } from '../../../testbed/operator-process.ts';
import { waitFor } from '../../../testbed/wait.ts';

const SECRET = { apiVersion: 'v1', kind: 'Secret', namespace: NAMESPACE, name: CERTIFICATE_SECRET };
const LONG_AGO = '2020-01-01T00:00:00Z';
/** Less than what makes a certificate due for renewal. */
const TWENTY_DAYS_MS = 20 * 86_400_000;

/** Steps of a rotation, each done when all that follows from it is. */
export class CertificateRotation {
  readonly #admin: KubeClient;
  readonly #isOurs: (clientConfig: ClientConfig) => boolean;

  /** Webhooks call the operator by its Service, unless told how else. */
  constructor(admin: KubeClient, isOurs = ({ service }: ClientConfig): boolean => service?.namespace === NAMESPACE) {
    this.#admin = admin;
    this.#isOurs = isOurs;
  }

  /** Puts a certificate in line that will be due for renewal as soon as it is served. */
  async prepareShortLived(): Promise<void> {
    const [secret, material] = await this.#fetch();
    const now = Date.now();
    const names = material.current?.names ?? [];
    const issued = await issueCertificate({ names, now, lifetimeMs: TWENTY_DAYS_MS });
    const place = { name: CERTIFICATE_SECRET, namespace: NAMESPACE };
    const prepared = renderCertificateSecret(place, withPrepared(material, issued, now), secret);
    await this.#admin.replace(prepared, { fieldManager: 'test' });
  }

  /** The operator trusts what is in line, by every webhook, and then serves it. Returns who issued it. */
  async promote(): Promise<string> {
    const next = await waitFor('a certificate in line', async () => (await this.#fetch())[1].next);
    await this.#waitForBundles((cas) => cas.includes(next.ca));
    await this.#age(PREPARED_AT_ANNOTATION);
    await waitFor('it to be served', async () => (await this.#fetch())[1].current?.certificate === next.certificate);
    return new X509Certificate(next.certificate).issuer;
  }

  /** The operator trusts what it serves, and nothing of before. */
  async retire(): Promise<void> {
    await this.#age(PROMOTED_AT_ANNOTATION);
    const [, { current }] = await this.#fetch();
    await this.#waitForBundles((cas) => cas.length === 1 && cas[0] === current?.ca);
  }

  async #fetch(): Promise<[KubeObject, CertificateMaterial]> {
    const secret = await this.#admin.get(SECRET);
    if (secret === undefined) throw new Error(`there is no Secret ${NAMESPACE}/${CERTIFICATE_SECRET}`);
    return [secret, readCertificateSecret(secret)];
  }

  async #age(annotation: string): Promise<void> {
    const patch = { metadata: { annotations: { [annotation]: LONG_AGO } } };
    await this.#admin.patch(SECRET, patch, { type: 'merge', fieldManager: 'test' });
  }

  /** Until each webhook that calls the operator trusts as it should. */
  async #waitForBundles(isRight: (cas: string[]) => boolean): Promise<void> {
    await waitFor('the webhooks to trust it', async () => {
      const kinds = ['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration'];
      const lists = await Promise.all(
        kinds.map((kind) => this.#admin.list({ apiVersion: 'admissionregistration.k8s.io/v1', kind })),
      );
      const ours = lists
        .flatMap(({ items }) => items.flatMap((item) => item['webhooks'] as Webhook[]))
        .filter(({ clientConfig }) => this.#isOurs(clientConfig));
      return ours.length > 0 && ours.every(({ clientConfig }) => isRight(readBundle(clientConfig.caBundle)));
    });
  }
}

interface ClientConfig {
  caBundle?: string;
  url?: string;
  service?: { namespace: string };
}

interface Webhook {
  clientConfig: ClientConfig;
}

function readBundle(text = ''): string[] {
  return splitBundle(Buffer.from(text, 'base64').toString('utf8'));
}
