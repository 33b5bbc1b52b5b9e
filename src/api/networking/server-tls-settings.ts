import type { z } from 'zod';
import { atMostOneOf } from '../proto/cel-rules.ts';
import { bool, enumeration, field, list, message, string, wrapped } from '../proto/message-schema.ts';

export const tlsCertificate = message('TlsCertificate', () => ({
  serverCertificate: string,
  privateKey: string,
  caCertificates: string,
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

export const serverTlsSettings = message(
  'ServerTlsSettings',
  () => ({
    httpsRedirect: bool,
    mode: serverTlsMode,
    serverCertificate: string,
    privateKey: string,
    caCertificates: string,
    caCrl: string,
    credentialName: string,
    credentialNames: field(list(string), '', { maxItems: 2, minItems: 1 }),
    caCertCredentialName: string,
    tlsCertificates: field(list(tlsCertificate), '', { maxItems: 2, minItems: 1 }),
    subjectAltNames: list(string),
    verifyCertificateSpki: list(string),
    verifyCertificateHash: list(string),
    minProtocolVersion: tlsProtocol,
    maxProtocolVersion: tlsProtocol,
    cipherSuites: list(string),
    insecureSkipVerify: wrapped(bool),
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
