import { createPrivateKey, X509Certificate } from 'node:crypto';
import { PREPARED_AT_ANNOTATION, PROMOTED_AT_ANNOTATION } from '../../api/our-names.ts';
import type { KubeObject } from '../../core/kube-object.ts';
import type { IssuedCertificate } from './issue-certificate.ts';
import type { CertificateFacts, RotationState } from './plan-rotation.ts';

/** A certificate and key that fit together, signed by one of the trusted CAs. */
export interface ServingPair extends CertificateFacts {
  certificate: string;
  key: string;
  /** The CA that signed it. */
  ca: string;
}

/** What the Secret holds; what cannot be used is left out. */
export interface CertificateMaterial {
  current?: ServingPair;
  next?: ServingPair & { preparedAt: number };
  /** CAs of former serving certificates. */
  formerCas: string[];
  promotedAt: number;
}
const PEM_CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** Splits a PEM bundle; text between the certificates is dropped. */
export function splitBundle(bundle: string): string[] {
  return (bundle.match(PEM_CERTIFICATE) ?? []).map((pem) => `${pem}\n`);
}

/** All CAs that callers should trust, the current one first. */
export function bundleOf(material: CertificateMaterial): string {
  const all = [material.current?.ca, material.next?.ca, ...material.formerCas];
  return [...new Set(all.filter((ca) => ca !== undefined))].join('');
}

/** Reads a pair; undefined when key, certificate and CA do not belong together. */
export function readPair(certificate: string, key: string, cas: readonly string[]): ServingPair | undefined {
  try {
    const [leaf] = splitBundle(certificate);
    if (leaf === undefined) return undefined;
    const parsed = new X509Certificate(leaf);
    if (!parsed.checkPrivateKey(createPrivateKey(key))) return undefined;
    const ca = cas.find((candidate) => isIssuer(candidate, parsed));
    if (ca === undefined) return undefined;
    return {
      certificate,
      key,
      ca,
      notBefore: Date.parse(parsed.validFrom),
      notAfter: Date.parse(parsed.validTo),
      names: namesOf(parsed),
    };
  } catch {
    // Text that is no PEM, or a key of another kind: of no use, whatever is wrong with it.
    return undefined;
  }
}

function isIssuer(ca: string, certificate: X509Certificate): boolean {
  const issuer = new X509Certificate(ca);
  return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
}

function namesOf({ subjectAltName }: X509Certificate): string[] {
  return (subjectAltName ?? '').split(', ').flatMap((entry) => {
    const [, name] = /^(?:DNS|IP Address):(.+)$/.exec(entry) ?? [];
    return name === undefined ? [] : [name];
  });
}

/** Reads the Secret; a broken or foreign one yields nothing rather than an error. */
export function readCertificateSecret(secret: KubeObject): CertificateMaterial {
  const data = (secret['data'] ?? {}) as Record<string, unknown>;
  const text = (field: string): string => {
    const value = data[field];
    return typeof value === 'string' ? Buffer.from(value, 'base64').toString('utf8') : '';
  };
  const cas = splitBundle(text('ca.crt')).filter(isParsable);
  const current = readPair(text('tls.crt'), text('tls.key'), cas);
  const next = readPair(text('next.crt'), text('next.key'), cas);
  const preparedAt = timeOf(secret, PREPARED_AT_ANNOTATION);
  return {
    ...(current ? { current } : {}),
    ...(next ? { next: { ...next, preparedAt } } : {}),
    formerCas: cas.filter((ca) => ca !== current?.ca && ca !== next?.ca),
    promotedAt: timeOf(secret, PROMOTED_AT_ANNOTATION),
  };
}

function isParsable(pem: string): boolean {
  try {
    return new X509Certificate(pem).ca;
  } catch {
    return false;
  }
}

function timeOf({ metadata }: KubeObject, annotation: string): number {
  const time = Date.parse(metadata.annotations?.[annotation] ?? '');
  return Number.isNaN(time) ? 0 : time;
}

/** The part of the material that the plan of a rotation looks at. */
export function rotationStateOf({ current, next, formerCas, promotedAt }: CertificateMaterial): RotationState {
  return {
    ...(current ? { current } : {}),
    ...(next ? { next } : {}),
    ...(formerCas.length > 0 ? { retiring: { since: promotedAt } } : {}),
  };
}

/** Material with a new pair to serve with at once; CAs that were trusted stay so for a while. */
export function withIssued(material: CertificateMaterial, issued: IssuedCertificate, now: number): CertificateMaterial {
  const former = [material.current?.ca, material.next?.ca, ...material.formerCas];
  const current = readPair(issued.certificate, issued.key, [issued.ca]);
  return {
    ...(current ? { current } : {}),
    formerCas: former.filter((ca): ca is string => ca !== undefined),
    promotedAt: now,
  };
}

/** Material with a pair that is only trusted. */
export function withPrepared(
  material: CertificateMaterial,
  issued: IssuedCertificate,
  now: number,
): CertificateMaterial {
  const { next: _, ...rest } = material;
  const next = readPair(issued.certificate, issued.key, [issued.ca]);
  return next ? { ...rest, next: { ...next, preparedAt: now } } : rest;
}

/** Material that serves with what was prepared. */
export function withPromoted(material: CertificateMaterial, now: number): CertificateMaterial {
  const { next, current, formerCas } = material;
  if (!next) return material;
  return { current: next, formerCas: current ? [current.ca, ...formerCas] : formerCas, promotedAt: now };
}

/** Material that trusts only what is or will be served. */
export function withRetired({ formerCas: _, ...rest }: CertificateMaterial): CertificateMaterial {
  return { ...rest, formerCas: [] };
}

/** The Secret that holds the material, in place of `previous` when there is one. */
export function renderCertificateSecret(
  name: { name: string; namespace: string },
  material: CertificateMaterial,
  previous?: KubeObject,
): KubeObject {
  const { current, next, promotedAt } = material;
  const encode = (text: string): string => Buffer.from(text, 'utf8').toString('base64');
  const resourceVersion = previous?.metadata['resourceVersion'];
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      ...name,
      labels: { 'app.kubernetes.io/name': 'sailwright', 'app.kubernetes.io/component': 'operator' },
      annotations: {
        [PROMOTED_AT_ANNOTATION]: new Date(promotedAt).toISOString(),
        ...(next ? { [PREPARED_AT_ANNOTATION]: new Date(next.preparedAt).toISOString() } : {}),
      },
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
    },
    // The type of a Secret cannot be changed: a foreign one keeps its own.
    type: previous?.['type'] ?? 'kubernetes.io/tls',
    data: {
      'tls.crt': encode(current?.certificate ?? ''),
      'tls.key': encode(current?.key ?? ''),
      'ca.crt': encode(bundleOf(material)),
      ...(next ? { 'next.crt': encode(next.certificate), 'next.key': encode(next.key) } : {}),
    },
  };
}
