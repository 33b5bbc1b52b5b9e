import { X509Certificate } from 'node:crypto';
import type { Validity } from '../core/analyze/world.ts';

/** When a certificate is valid; undefined for text that is no certificate. */
export function readCertificate(pem: string): Validity | undefined {
  try {
    const { validFromDate, validToDate } = new X509Certificate(pem);
    return { notBefore: validFromDate.getTime(), notAfter: validToDate.getTime() };
  } catch {
    return undefined;
  }
}
