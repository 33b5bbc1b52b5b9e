import type { z } from 'zod';
import { atMostOneOf } from '../proto/cel-rules.ts';
import { bool, enumeration, field, list, message, string, wrapped } from '../proto/message-schema.ts';

/** A certificate with its key. */
export const tlsCertificate = message('TlsCertificate', () => ({
  serverCertificate: field(string, 'File of the certificate.'),
  privateKey: field(string, 'File of the private key.'),
  caCertificates: field(string, 'File of the authorities that callers are checked against.'),
}));
export type TlsCertificate = z.infer<typeof tlsCertificate>;

export const serverTlsMode = enumeration([
  'PASSTHROUGH',
  'SIMPLE',
  'MUTUAL',
  'AUTO_PASSTHROUGH',
  'ISTIO_MUTUAL',
  'OPTIONAL_MUTUAL',
]);

export const tlsProtocol = enumeration(['TLS_AUTO', 'TLSV1_0', 'TLSV1_1', 'TLSV1_2', 'TLSV1_3']);

/** TLS of connections that come in. */
export const serverTlsSettings = message(
  'ServerTlsSettings',
  () => ({
    httpsRedirect: field(bool, 'Sends callers of plain HTTP to HTTPS.'),
    mode: field(serverTlsMode, 'SIMPLE and MUTUAL end TLS here; PASSTHROUGH routes by server name.'),
    serverCertificate: field(string, 'File of the certificate, when no secret is used.'),
    privateKey: field(string, 'File of the private key.'),
    caCertificates: field(string, 'File of the authorities that callers are checked against.'),
    caCrl: field(string, 'File of revoked certificates.'),
    credentialName: field(string, "Secret with the certificate, in the namespace of the gateway's pods."),
    credentialNames: field(list(string), 'Up to two secrets, such as one with an RSA and one with an ECDSA key.', {
      maxItems: 2,
      minItems: 1,
    }),
    caCertCredentialName: field(string, 'Secret with the authorities that callers are checked against.'),
    tlsCertificates: field(list(tlsCertificate), 'Up to two certificates in files.', { maxItems: 2, minItems: 1 }),
    subjectAltNames: field(list(string), "Names of which a caller's certificate must have one."),
    verifyCertificateSpki: field(list(string), 'SHA-256 hashes in base64 of public keys that a caller may have.'),
    verifyCertificateHash: field(list(string), 'SHA-256 hashes of certificates that a caller may have.'),
    minProtocolVersion: field(tlsProtocol, 'Oldest TLS version, 1.2 when left out.'),
    maxProtocolVersion: field(tlsProtocol, 'Newest TLS version.'),
    cipherSuites: field(list(string), 'Cipher suites that may be used, for TLS 1.2 and older.'),
    insecureSkipVerify: field(wrapped(bool), "Asks for a caller's certificate but does not check it."),
    ecdhCurves: field(list(string), 'Curves that may be used.'),
    alpnProtocols: field(list(string), 'Protocols that are offered in the handshake.'),
  }),
  {
    rules: [
      atMostOneOf('tlsCertificates', 'credentialNames'),
      atMostOneOf('credentialName', 'credentialNames'),
      atMostOneOf('credentialNames', 'tlsCertificates'),
    ],
  },
);
export type ServerTlsSettings = z.infer<typeof serverTlsSettings>;
