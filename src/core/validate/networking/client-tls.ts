import type { ClientTlsSettings } from '../../../api/networking/client-tls-settings.ts';
import type { Findings } from '../findings.ts';

const CONFIG_MAP = 'configmap://';

/** Records settings of TLS towards a service that contradict each other, or are not complete. */
export function checkClientTls(
  tls: ClientTlsSettings | undefined,
  { path, namespace }: { path: string; namespace: string },
  findings: Findings,
): void {
  if (!tls) return;
  const { mode, credentialName = '' } = tls;
  if (credentialName.startsWith(CONFIG_MAP)) checkConfigMap(credentialName, { path, namespace }, findings);
  if (tls.insecureSkipVerify === true) checkSkipVerify(tls, path, findings);
  const isFromSecret = credentialName !== '' && (mode === 'SIMPLE' || mode === 'MUTUAL');
  if (isFromSecret) checkNoFiles(tls, path, findings);
  else if (mode === 'MUTUAL') checkFiles(tls, path, findings);
}

function checkNoFiles(tls: ClientTlsSettings, path: string, findings: Findings): void {
  for (const field of ['clientCertificate', 'privateKey', 'caCertificates', 'caCrl'] as const) {
    if ((tls[field] ?? '') === '') continue;
    findings.error(`${path}.${field}`, 'TlsConflict', 'excludes credentialName, which brings all certificates');
  }
}

function checkFiles(tls: ClientTlsSettings, path: string, findings: Findings): void {
  for (const field of ['clientCertificate', 'privateKey'] as const) {
    if ((tls[field] ?? '') !== '') continue;
    const message = 'is needed for MUTUAL: give the path of a file, or credentialName';
    findings.error(`${path}.${field}`, 'TlsIncomplete', message);
  }
}

function checkConfigMap(
  name: string,
  { path, namespace }: { path: string; namespace: string },
  findings: Findings,
): void {
  const [owner = '', resource = ''] = name.slice(CONFIG_MAP.length).split('/');
  if (owner !== '' && resource !== '' && owner === namespace) return;
  const message = `${JSON.stringify(name)} must be configmap://NAMESPACE/NAME with the namespace of this object (${namespace})`;
  findings.error(`${path}.credentialName`, 'CredentialInvalid', message);
}

function checkSkipVerify(tls: ClientTlsSettings, path: string, findings: Findings): void {
  const { mode, caCertificates = '', credentialName = '', subjectAltNames } = tls;
  const names = { caCertificates: caCertificates !== '', subjectAltNames: subjectAltNames !== undefined };
  const fields = mode === 'SIMPLE' ? { ...names, credentialName: credentialName !== '' } : names;
  if (mode !== 'SIMPLE' && mode !== 'MUTUAL') return;
  for (const [field, isSet] of Object.entries(fields)) {
    if (!isSet) continue;
    findings.error(
      `${path}.${field}`,
      'TlsConflict',
      'has no effect when insecureSkipVerify is true: remove one of them',
    );
  }
}
