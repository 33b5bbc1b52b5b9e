import type { Validity } from '../analyze/world.ts';
import type { KubeObject } from '../kube-object.ts';
import { entriesOf, WEBHOOK_KINDS, type WebhookEntry } from '../webhook-configuration.ts';
import type { WebhookRow } from './mesh-report.ts';

/** Names by which Istio, and we, call what injects and judges. */
const OF_MESH = /(^|\.)(istio\.io|sailwright\.dev)$/;
const PEM = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** Every entry of webhook configurations that has to do with the mesh, whoever installed it. */
export function describeWebhooks(
  objects: readonly KubeObject[],
  readCertificate: (pem: string) => Validity | undefined,
): WebhookRow[] {
  return objects.flatMap((object) => {
    const kind = WEBHOOK_KINDS.find((each) => each === object.kind);
    if (!kind) return [];
    return entriesOf(object)
      .filter(({ name = '' }) => OF_MESH.test(name))
      .map((entry) => {
        const caEnds = endOf(entry, readCertificate);
        return {
          kind,
          configuration: object.metadata.name,
          entry: entry.name,
          calls: targetOf(entry),
          failurePolicy: entry.failurePolicy ?? 'Fail',
          state: stateOf(entry),
          ...(caEnds === undefined ? {} : { caEnds }),
        };
      });
  });
}

function stateOf({ clientConfig, failurePolicy }: WebhookEntry): WebhookRow['state'] {
  if (!clientConfig.caBundle) return 'Untrusted';
  return failurePolicy === 'Ignore' ? 'Open' : 'Binding';
}

/** The path of a URL may hold what is nobody's business. */
function targetOf({ clientConfig: { service, url } }: WebhookEntry): string {
  if (service) return `Service ${service.namespace ?? ''}/${service.name ?? ''}`;
  return url !== undefined && URL.canParse(url) ? new URL(url).origin : '';
}

/** A bundle holds CAs of former certificates too: it is of use until the last one ends. */
function endOf({ clientConfig }: WebhookEntry, read: (pem: string) => Validity | undefined): string | undefined {
  const bundle = new TextDecoder().decode(bytesOf(clientConfig.caBundle ?? ''));
  const ends = (bundle.match(PEM) ?? []).flatMap((pem) => read(pem)?.notAfter ?? []);
  return ends.length === 0 ? undefined : new Date(Math.max(...ends)).toISOString();
}

function bytesOf(base64: string): Uint8Array {
  try {
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  } catch {
    // Of files anybody's; the API server takes base64 alone.
    return new Uint8Array();
  }
}
