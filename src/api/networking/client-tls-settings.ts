import type { z } from 'zod';
import { bool, enumeration, list, message, string, wrapped } from '../proto/message-schema.ts';

export const clientTlsMode = enumeration(['DISABLE', 'SIMPLE', 'MUTUAL', 'ISTIO_MUTUAL']);

export const clientTlsSettings = message('ClientTlsSettings', () => ({
  mode: clientTlsMode,
  clientCertificate: string,
  privateKey: string,
  caCertificates: string,
  credentialName: string,
  subjectAltNames: list(string),
  sni: string,
  insecureSkipVerify: wrapped(bool),
  caCrl: string,
}));
export type ClientTlsSettings = z.infer<typeof clientTlsSettings>;
