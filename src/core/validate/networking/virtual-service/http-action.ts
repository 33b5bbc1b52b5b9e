import type { HttpDirectResponse, HttpRedirect } from '../../../../api/networking/http-redirect.ts';
import type { HttpMatchRequest } from '../../../../api/networking/http-match-request.ts';
import type { HttpRewrite, RegexRewrite } from '../../../../api/networking/http-rewrite.ts';
import type { Fault, Findings } from '../../findings.ts';
import { byteLength } from '../../rules/byte-length.ts';
import { findHttpStatusFault } from '../../rules/http-status.ts';
import { findPortFault } from '../../rules/port.ts';
import { findRegexSyntaxFault } from '../../rules/regex.ts';

const KIBIBYTE = 1024;
const LARGE_BODY = 100 * KIBIBYTE;
const MAX_BODY = 1024 * KIBIBYTE;

/** Records what is wrong with a redirect; only the first fault, as the others follow from it. */
export function checkRedirect(
  redirect: HttpRedirect | undefined,
  matches: readonly HttpMatchRequest[] | undefined,
  path: string,
  findings: Findings,
): void {
  if (redirect) findings.check(path, findRedirectFault(redirect, matches ?? []));
}

function findRedirectFault(redirect: HttpRedirect, matches: readonly HttpMatchRequest[]): Fault | undefined {
  const { uri = '', prefixRewrite = '' } = redirect;
  if (uri !== '' && prefixRewrite !== '') {
    return { code: 'RedirectConflict', message: 'uri and prefixRewrite exclude each other: keep one of them' };
  }
  if (prefixRewrite !== '' && matches.some((match) => match.uri && match.uri.prefix === undefined)) {
    const message = 'prefixRewrite replaces a prefix, so every match of a URI must be by prefix';
    return { code: 'RedirectNeedsPrefix', message };
  }
  return findRedirectTargetFault(redirect) ?? findRedirectCodeFault(redirect);
}

function findRedirectTargetFault(redirect: HttpRedirect): Fault | undefined {
  const { scheme = '', port = 0 } = redirect;
  if (!changesSomething(redirect)) {
    return { code: 'RedirectEmpty', message: 'must change something: uri, prefixRewrite, authority, scheme or port' };
  }
  if (scheme !== '' && scheme !== 'http' && scheme !== 'https') {
    return { code: 'RedirectSchemeInvalid', message: `scheme ${JSON.stringify(scheme)} must be http or https` };
  }
  return port > 0 ? findPortFault(port) : undefined;
}

function changesSomething({ uri, prefixRewrite, authority, scheme, port, derivePort }: HttpRedirect): boolean {
  const hasText = [uri, prefixRewrite, authority, scheme].some((text) => text !== undefined && text !== '');
  return hasText || port !== undefined || derivePort !== undefined;
}

function findRedirectCodeFault({ redirectCode = 0 }: HttpRedirect): Fault | undefined {
  if (redirectCode === 0 || (redirectCode >= 300 && redirectCode <= 399)) return undefined;
  return { code: 'RedirectCodeInvalid', message: `redirectCode ${redirectCode} must be from 300 to 399` };
}

/** Records what is wrong with how requests are changed before they are sent on. */
export function checkRewrite(rewrite: HttpRewrite | undefined, path: string, findings: Findings): void {
  if (rewrite) findings.check(path, findRewriteFault(rewrite));
}

function findRewriteFault({ uri = '', authority = '', uriRegexRewrite }: HttpRewrite): Fault | undefined {
  if (uriRegexRewrite) {
    if (uri === '') return findRegexRewriteFault(uriRegexRewrite);
    return { code: 'RewriteConflict', message: 'uri and uriRegexRewrite exclude each other: keep one of them' };
  }
  if (uri !== '' || authority !== '') return undefined;
  return { code: 'RewriteEmpty', message: 'must change something: uri, uriRegexRewrite or authority' };
}

function findRegexRewriteFault({ match = '', rewrite = '' }: RegexRewrite): Fault | undefined {
  if (match === '' || rewrite === '') {
    return { code: 'RewriteIncomplete', message: 'uriRegexRewrite needs both match and rewrite' };
  }
  const fault = findRegexSyntaxFault(match);
  return fault && { ...fault, message: `uriRegexRewrite.match ${fault.message}` };
}

/** Records an answer that is too large for the control plane, or has no status. */
export function checkDirectResponse(response: HttpDirectResponse | undefined, path: string, findings: Findings): void {
  if (!response) return;
  const { status = 0, body } = response;
  const size = body?.bytes === undefined ? byteLength(body?.string ?? '') : decodedLength(body.bytes);
  const hint = 'every proxy gets a copy: serve large answers from a service';
  if (size > MAX_BODY) findings.error(`${path}.body`, 'BodyTooLarge', `is ${size} bytes; at most ${MAX_BODY}: ${hint}`);
  else if (size > LARGE_BODY) findings.warn(`${path}.body`, 'BodyLarge', `is ${size} bytes; ${hint}`);
  findings.check(`${path}.status`, findHttpStatusFault(status));
}

/** Bytes that a text in base64 stands for. */
function decodedLength(base64: string): number {
  return Math.floor((base64.replace(/=+$/, '').length * 3) / 4);
}
