import type { JwtRule, RequestAuthentication } from '../../../api/security/request-authentication.ts';
import type { Finding, Subject } from '../finding.ts';
import { Findings, type Fault } from '../findings.ts';
import { findDurationFault } from '../rules/duration.ts';
import { parseGoUrl } from '../rules/go-url.ts';
import { findStrictHeaderNameFault } from '../rules/http-header.ts';
import { parseGoInt } from '../rules/strconv.ts';
import { checkTargetRefs } from '../rules/target-ref.ts';
import { checkTypeSelector } from '../rules/workload-selector.ts';
import { readJwks } from './jwks.ts';

/** Which tokens workloads accept, and where they are looked for. */
export function validateRequestAuthentication({ spec }: Subject<RequestAuthentication>): Finding[] {
  const findings = new Findings();
  checkTargetRefs(spec, 'spec', findings);
  checkTypeSelector(spec.selector, 'spec.selector', findings);
  spec.jwtRules?.forEach((rule, i) => checkRule(rule, `spec.jwtRules[${i}]`, findings));
  return findings.list;
}

function checkRule(rule: JwtRule, path: string, findings: Findings): void {
  const { issuer = '', jwksUri = '', jwks = '', timeout } = rule;
  if (issuer === '' && jwksUri === '') {
    findings.error(path, 'IssuerMissing', 'needs an issuer or a jwksUri, to know whose tokens are meant');
  }
  if (jwksUri !== '') findings.check(`${path}.jwksUri`, findJwksUriFault(jwksUri));
  if (jwks !== '') checkJwks(jwks, `${path}.jwks`, findings);
  checkNonEmpty(rule.audiences, `${path}.audiences`, findings);
  rule.fromHeaders?.forEach(({ name = '' }, i) => checkText(name, `${path}.fromHeaders[${i}].name`, findings));
  checkNonEmpty(rule.fromParams, `${path}.fromParams`, findings);
  checkNonEmpty(rule.fromCookies, `${path}.fromCookies`, findings);
  checkOutputs(rule, path, findings);
  if (timeout) findings.check(`${path}.timeout`, findDurationFault(timeout));
}

function findJwksUriFault(text: string): Fault | undefined {
  const url = parseGoUrl(text);
  const isHttp = url?.scheme === 'http' || url?.scheme === 'https';
  if (url && isHttp && (url.port === '' || parseGoInt(url.port) !== undefined)) return undefined;
  const message = `${JSON.stringify(text)} is not the address of keys: write a URL that starts with https:// or http://`;
  return { code: 'JwksUriInvalid', message };
}

function checkJwks(text: string, path: string, findings: Findings): void {
  const { fault, privateKeys } = readJwks(text);
  findings.check(path, fault);
  for (const index of privateKeys) {
    const message = `key ${index} holds a private or secret key: anybody who reads this object can sign tokens; give the public key only`;
    findings.warn(path, 'JwksPrivateKey', message);
  }
}

function checkOutputs({ outputClaimToHeaders = [] }: JwtRule, path: string, findings: Findings): void {
  outputClaimToHeaders.forEach(({ header = '', claim = '' }, i) => {
    const item = `${path}.outputClaimToHeaders[${i}]`;
    if (header === '' || claim === '') findings.error(item, 'ValueMissing', 'needs both a header and a claim');
    else findings.check(`${item}.header`, findStrictHeaderNameFault(header));
  });
}

function checkNonEmpty(values: readonly string[] | undefined, path: string, findings: Findings): void {
  values?.forEach((value, i) => checkText(value, `${path}[${i}]`, findings));
}

function checkText(value: string, path: string, findings: Findings): void {
  if (value === '') findings.error(path, 'ValueMissing', 'must not be empty');
}
