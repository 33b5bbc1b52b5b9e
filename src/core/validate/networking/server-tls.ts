import type { ServerTlsSettings } from '../../../api/networking/server-tls-settings.ts';
import type { Findings } from '../findings.ts';

/** Names of OpenSSL that Envoy takes; without pre-shared keys. */
const CIPHER_SUITES: ReadonlySet<string> = new Set([
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
  'ECDHE-ECDSA-AES128-SHA',
  'ECDHE-RSA-AES128-SHA',
  'ECDHE-ECDSA-AES256-SHA',
  'ECDHE-RSA-AES256-SHA',
  'AES128-GCM-SHA256',
  'AES256-GCM-SHA384',
  'AES128-SHA',
  'AES256-SHA',
  'DES-CBC3-SHA',
]);
const ALL_CIPHERS = 'ALL';
/** What starts otherwise is an operator of OpenSSL's, such as -MD5, and is passed on. */
const NAME_START = /^[\p{L}\p{N}]/u;
const MAX_CERTIFICATES = 2;
const OLD_VERSIONS: ReadonlySet<unknown> = new Set(['TLSV1_0', 'TLSV1_1']);
const MUTUAL_MODES: ReadonlySet<unknown> = new Set(['MUTUAL', 'OPTIONAL_MUTUAL']);

/** Whether TLS is passed through, which is the default. */
export function isPassthrough({ mode = 'PASSTHROUGH' }: ServerTlsSettings): boolean {
  return mode === 'PASSTHROUGH' || mode === 'AUTO_PASSTHROUGH';
}

/** Whether files with certificates are named. */
export function holdsCertificates({ serverCertificate, privateKey, caCertificates }: ServerTlsSettings): boolean {
  return [serverCertificate, privateKey, caCertificates].some(isGiven);
}

/** Records settings of TLS towards clients that contradict each other, or are not complete. */
export function checkServerTls(tls: ServerTlsSettings | undefined, path: string, findings: Findings): void {
  if (!tls) return;
  if (OLD_VERSIONS.has(tls.minProtocolVersion) && tls.cipherSuites === undefined) {
    const message = 'is older than the default ciphers allow: name cipherSuites that go with it, or use TLSV1_2';
    findings.warn(`${path}.minProtocolVersion`, 'TlsVersionOld', message);
  }
  checkCiphers(tls.cipherSuites ?? [], `${path}.cipherSuites`, findings);
  if (tls.mode === 'ISTIO_MUTUAL') checkNothingGiven(tls, path, findings);
  else checkCertificates(tls, path, findings);
}

function checkCertificates(tls: ServerTlsSettings, path: string, findings: Findings): void {
  const sources = sourcesOf(tls);
  if (isPassthrough(tls) && (sources.length > 0 || holdsCertificates(tls) || isGiven(tls.caCrl))) {
    findings.warn(path, 'CertificatesUnused', `names certificates, which ${tls.mode ?? 'PASSTHROUGH'} ignores`);
  }
  if (sources.length > 1) {
    findings.error(path, 'CertificatesConflict', `${sources.join(', ')} exclude each other: keep one of them`);
  }
  const isTerminating = tls.mode === 'SIMPLE' || MUTUAL_MODES.has(tls.mode);
  const isFromSecret = isGiven(tls.credentialName) || tls.credentialNames !== undefined;
  // A secret brings all that is needed.
  if (isTerminating && isFromSecret) return;
  if (isTerminating) checkFiles(tls, path, findings);
  checkRevocationList(tls, `${path}.caCrl`, findings);
}

function checkCiphers(suites: readonly string[], path: string, findings: Findings): void {
  const seen = new Set<string>();
  const unknown = new Set<string>();
  const repeated = new Set<string>();
  for (const suite of suites) {
    const isKnown = suite === '' || suite === ALL_CIPHERS || !NAME_START.test(suite) || CIPHER_SUITES.has(suite);
    if (!isKnown) unknown.add(suite);
    else if (seen.has(suite)) repeated.add(suite);
    else seen.add(suite);
  }
  if (unknown.size > 0) {
    findings.warn(
      path,
      'CipherUnknown',
      `holds ciphers that are ignored, as Envoy has none of these names: ${listOf(unknown)}`,
    );
  }
  if (repeated.size > 0) findings.warn(path, 'CipherDuplicate', `names ciphers more than once: ${listOf(repeated)}`);
}

function listOf(names: ReadonlySet<string>): string {
  return [...names].sort().join(', ');
}

/** Istio brings the certificates of this mode itself. */
function checkNothingGiven(tls: ServerTlsSettings, path: string, findings: Findings): void {
  const fields = [
    'serverCertificate',
    'privateKey',
    'caCertificates',
    'tlsCertificates',
    'credentialName',
    'credentialNames',
  ] as const;
  for (const field of fields) {
    const value = tls[field];
    if (value === undefined || value === '') continue;
    findings.error(
      `${path}.${field}`,
      'CertificatesConflict',
      'excludes ISTIO_MUTUAL, which brings its own certificates',
    );
  }
}

/** The places that certificates are taken from. */
function sourcesOf(tls: ServerTlsSettings): string[] {
  const sources = [];
  if (isGiven(tls.serverCertificate) && isGiven(tls.privateKey)) sources.push('serverCertificate with privateKey');
  if (isGiven(tls.credentialName)) sources.push('credentialName');
  if (tls.credentialNames !== undefined) sources.push('credentialNames');
  if (tls.tlsCertificates !== undefined) sources.push('tlsCertificates');
  return sources;
}

function checkFiles(tls: ServerTlsSettings, path: string, findings: Findings): void {
  const { mode, caCertificates, serverCertificate, privateKey, tlsCertificates } = tls;
  const hint = `is needed for ${mode}: give the path of a file, or credentialName`;
  if (MUTUAL_MODES.has(mode) && !isGiven(caCertificates)) {
    findings.error(`${path}.caCertificates`, 'CertificateMissing', hint);
  }
  const certificates = (tlsCertificates ?? [{ serverCertificate, privateKey }]).entries();
  if ((tlsCertificates ?? []).length > MAX_CERTIFICATES) {
    findings.warn(
      `${path}.tlsCertificates`,
      'CertificatesTooMany',
      `has more than ${MAX_CERTIFICATES}, one for RSA and one for ECDSA`,
    );
  }
  for (const [i, certificate] of certificates) {
    const item = tlsCertificates ? `${path}.tlsCertificates[${i}]` : path;
    if (!isGiven(certificate.serverCertificate))
      findings.error(`${item}.serverCertificate`, 'CertificateMissing', hint);
    if (!isGiven(certificate.privateKey)) findings.error(`${item}.privateKey`, 'CertificateMissing', hint);
  }
}

function checkRevocationList(
  { caCrl, credentialName, mode }: ServerTlsSettings,
  path: string,
  findings: Findings,
): void {
  if (!isGiven(caCrl)) return;
  if (isGiven(credentialName))
    findings.error(path, 'RevocationListUnused', 'belongs into the secret of credentialName');
  if (mode === 'SIMPLE')
    findings.error(path, 'RevocationListUnused', 'is for certificates of clients, which SIMPLE does not ask for');
}

function isGiven(text: string | undefined): boolean {
  return text !== undefined && text !== '';
}
