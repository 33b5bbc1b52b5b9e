import { X509Certificate } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  bundleOf,
  readCertificateSecret,
  renderCertificateSecret,
  splitBundle,
  withIssued,
  withPrepared,
  withPromoted,
  withRetired,
  type CertificateMaterial,
} from './certificate-secret.ts';
import { issueCertificate, type IssuedCertificate } from './issue-certificate.ts';

const NOW = Date.parse('2026-01-01T00:00:00Z');
const NAME = { name: 'c', namespace: 'n' };
const EMPTY: CertificateMaterial = { formerCas: [], promotedAt: 0 };
let first: IssuedCertificate;
let second: IssuedCertificate;

beforeAll(async () => {
  const request = { names: ['a.svc', '127.0.0.1'], now: NOW, lifetimeMs: 86_400_000 };
  [first, second] = await Promise.all([issueCertificate(request), issueCertificate(request)]);
});

describe('a certificate', () => {
  it('is for the names asked for, from an hour ago to the end of its life', () => {
    const certificate = new X509Certificate(first.certificate);
    expect(certificate.subjectAltName).toBe('DNS:a.svc, IP Address:127.0.0.1');
    expect(Date.parse(certificate.validFrom)).toBe(NOW - 3_600_000);
    expect(Date.parse(certificate.validTo)).toBe(NOW + 86_400_000);
    expect(certificate.ca).toBe(false);
  });
});

describe('the Secret', () => {
  const roundTrip = (material: CertificateMaterial): CertificateMaterial =>
    readCertificateSecret(renderCertificateSecret(NAME, material));

  it('keeps every stage of a rotation, and trusts both CAs in between', () => {
    const issued = roundTrip(withIssued(EMPTY, first, NOW));
    expect(bundleOf(issued)).toBe(first.ca);
    const prepared = roundTrip(withPrepared(issued, second, NOW + 1_000));
    expect(prepared.current?.certificate).toBe(first.certificate);
    expect(prepared.next?.preparedAt).toBe(NOW + 1_000);
    expect(bundleOf(prepared)).toBe(first.ca + second.ca);
    const promoted = roundTrip(withPromoted(prepared, NOW + 2_000));
    expect(promoted.current?.key).toBe(second.key);
    expect(bundleOf(promoted)).toBe(second.ca + first.ca);
    expect(promoted.promotedAt).toBe(NOW + 2_000);
    expect(bundleOf(roundTrip(withRetired(promoted)))).toBe(second.ca);
  });

  const secretWith = (data: Record<string, string>): ReturnType<typeof renderCertificateSecret> => {
    const secret = renderCertificateSecret(NAME, withIssued(EMPTY, first, NOW));
    const encoded = Object.entries(data).map(([key, text]) => [key, Buffer.from(text).toString('base64')]);
    return { ...secret, data: { ...(secret['data'] as object), ...Object.fromEntries(encoded) } };
  };
  const broken: [title: string, data: () => Record<string, string>][] = [
    ['a key of another certificate', () => ({ 'tls.key': second.key })],
    ['a CA that signed something else', () => ({ 'ca.crt': second.ca })],
    ['text that is no certificate', () => ({ 'tls.crt': 'nonsense' })],
    ['a certificate cut in half', () => ({ 'tls.crt': first.certificate.slice(0, 200) })],
    ['nothing', () => ({ 'tls.crt': '', 'tls.key': '', 'ca.crt': '' })],
  ];
  it.each(broken)('with %s holds nothing to serve with', (_title, data) => {
    expect(readCertificateSecret(secretWith(data())).current).toBeUndefined();
  });

  it('without data is empty', () => {
    const secret = { apiVersion: 'v1', kind: 'Secret', metadata: NAME };
    expect(readCertificateSecret(secret)).toEqual({ formerCas: [], promotedAt: 0 });
  });

  it('holds no key of a CA', () => {
    const secret = renderCertificateSecret(NAME, withIssued(EMPTY, first, NOW));
    expect(Object.keys(secret['data'] as object).sort()).toEqual(['ca.crt', 'tls.crt', 'tls.key']);
  });
});

it('a bundle is split into its certificates', () => {
  expect(splitBundle(`comment\n${first.ca}\n${second.ca}tail`)).toEqual([first.ca, second.ca]);
});
