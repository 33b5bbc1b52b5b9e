import { webcrypto } from 'node:crypto';
import { isIP } from 'node:net';

/** A serving certificate, its key, and the CA that signed it, all PEM. */
export interface IssuedCertificate {
  certificate: string;
  key: string;
  ca: string;
}

export interface IssueRequest {
  /** DNS names and IP addresses. */
  names: readonly string[];
  now: number;
  lifetimeMs: number;
}

/** Clocks of other machines may be behind ours. */
const BACKDATE_MS = 3_600_000;
const KEY_ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256' };
const SIGNING = { ...KEY_ALGORITHM, hash: 'SHA-256' };

/**
 * Makes a CA of its own for one serving certificate (ECDSA P-256). The CA's key is forgotten at once: nobody can sign
 * anything else with it, and there is no key to guard but the server's.
 */
export async function issueCertificate({ names, now, lifetimeMs }: IssueRequest): Promise<IssuedCertificate> {
  // Loaded only here: commands that render files must not wait for it.
  await import('reflect-metadata');
  const x509 = await import('@peculiar/x509');
  const [caKeys, keys] = await Promise.all([generateKeys(), generateKeys()]);
  const validity = { notBefore: new Date(now - BACKDATE_MS), notAfter: new Date(now + lifetimeMs) };
  const ca = await x509.X509CertificateGenerator.createSelfSigned(
    {
      ...validity,
      serialNumber: randomSerial(),
      name: `CN=sailwright-webhook-ca-${now}`,
      keys: caKeys,
      signingAlgorithm: SIGNING,
      extensions: [
        new x509.BasicConstraintsExtension(true, 0, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
        await x509.SubjectKeyIdentifierExtension.create(caKeys.publicKey),
      ],
    },
    webcrypto,
  );
  const serving = await x509.X509CertificateGenerator.create(
    {
      ...validity,
      serialNumber: randomSerial(),
      subject: 'CN=sailwright-webhook',
      issuer: ca.subject,
      publicKey: keys.publicKey,
      signingKey: caKeys.privateKey,
      signingAlgorithm: SIGNING,
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
        new x509.SubjectAlternativeNameExtension(
          names.map((value) => ({ type: isIP(value) ? ('ip' as const) : ('dns' as const), value })),
        ),
        await x509.AuthorityKeyIdentifierExtension.create(caKeys.publicKey),
      ],
    },
    webcrypto,
  );
  const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey));
  return {
    certificate: `${serving.toString('pem')}\n`,
    key: x509.PemConverter.encode(pkcs8, 'PRIVATE KEY') + '\n',
    ca: `${ca.toString('pem')}\n`,
  };
}

async function generateKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(KEY_ALGORITHM, true, ['sign', 'verify']);
}

/** Hexadecimal; the first digit keeps it positive and as long as the others. */
function randomSerial(): string {
  const bytes = webcrypto.getRandomValues(new Uint8Array(16));
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return Buffer.from(bytes).toString('hex');
}
