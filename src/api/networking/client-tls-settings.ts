import type { z } from 'zod';
import { bool, enumeration, field, list, message, string, wrapped } from '../proto/message-schema.ts';

export const clientTlsMode = enumeration(['DISABLE', 'SIMPLE', 'MUTUAL', 'ISTIO_MUTUAL']);

/** TLS of connections to the service. */
export const clientTlsSettings = message('ClientTlsSettings', () => ({
  mode: field(clientTlsMode, "DISABLE, SIMPLE, MUTUAL (own certificates) or ISTIO_MUTUAL (the mesh's)."),
  clientCertificate: field(string, 'File of the client certificate, for MUTUAL.'),
  privateKey: field(string, 'File of the private key, for MUTUAL.'),
  caCertificates: field(
    string,
    'File of the authorities that the server is checked against; without it the server is not checked.',
  ),
  credentialName: field(string, 'Secret with certificates, in place of the files.'),
  subjectAltNames: field(list(string), "Names of which the server's certificate must have one."),
  sni: field(string, 'Server name that is asked for.'),
  insecureSkipVerify: field(wrapped(bool), "Does not check the server's certificate."),
  caCrl: field(string, 'File of revoked certificates.'),
  caCertCredentialName: field(string, 'Secret or ConfigMap with the authorities that the server is checked against.'),
}));
export type ClientTlsSettings = z.infer<typeof clientTlsSettings>;
