import type { HttpMatchRequest } from '../../../../api/networking/http-match-request.ts';
import type { StringMatch } from '../../../../api/networking/string-match.ts';
import { fieldPath } from '../../../../api/field-path.ts';
import type { Findings } from '../../findings.ts';
import { findDnsLabelFault } from '../../rules/dns-label.ts';
import { findMatchHeaderNameFault } from '../../rules/http-header.ts';
import { checkLabels } from '../../rules/label.ts';
import { findPortFault } from '../../rules/port.ts';
import { checkGatewayNames } from './gateway-names.ts';
import { checkRegexMatch, checkStringMatch } from './string-match.ts';

/** Stands for "the header is there" among headers that must not be; it is no regular expression. */
const ANY = '*';

/** Records what is wrong with which requests are meant. */
export function checkHttpMatch(match: HttpMatchRequest, path: string, findings: Findings): void {
  checkHeaders(match.headers, `${path}.headers`, findings);
  checkHeaders(match.withoutHeaders, `${path}.withoutHeaders`, findings, ANY);
  checkRegexMatch(match.uri, `${path}.uri`, findings);
  checkStringMatch(match.scheme, `${path}.scheme`, findings);
  checkStringMatch(match.method, `${path}.method`, findings);
  checkStringMatch(match.authority, `${path}.authority`, findings);
  for (const [name, value] of Object.entries(match.queryParams ?? {})) {
    checkStringMatch(value, fieldPath(`${path}.queryParams`, name), findings);
  }
  if ((match.port ?? 0) !== 0) findings.check(`${path}.port`, findPortFault(match.port));
  checkLabels(match.sourceLabels, `${path}.sourceLabels`, findings);
  checkGatewayNames(match.gateways, { path: `${path}.gateways` }, findings);
  const namespace = match.sourceNamespace ?? '';
  if (namespace !== '') findings.check(`${path}.sourceNamespace`, findDnsLabelFault(namespace, 'namespace'));
}

function checkHeaders(
  headers: Readonly<Record<string, StringMatch>> | undefined,
  path: string,
  findings: Findings,
  presence?: string,
): void {
  for (const [name, value] of Object.entries(headers ?? {})) {
    const item = fieldPath(path, name);
    findings.check(item, findMatchHeaderNameFault(name));
    if (presence === undefined || value.regex !== presence) checkStringMatch(value, item, findings);
  }
}
