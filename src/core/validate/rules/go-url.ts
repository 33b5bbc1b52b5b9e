/** The parts of a URL that rules look at. */
export interface GoUrl {
  /** In lower case; empty when there is none. */
  scheme: string;
  /** With the port. */
  host: string;
  hostname: string;
  port: string;
  path: string;
}

// eslint-disable-next-line no-control-regex -- control characters are refused
const CONTROL = /[\x00-\x1f\x7f]/;
const SCHEME = /^[a-zA-Z][-a-zA-Z0-9+.]*$/;
const USER_INFO = /^[-A-Za-z0-9._:~!$&'()*+,;=%@]*$/;
const BAD_ESCAPE = /%(?![0-9a-fA-F]{2})/;
// What may stand in a host; an escape may only hide a byte that is not ASCII.
const HOST = /^(?:[-A-Za-z0-9_.~!$&'()*+,;=:[\]<>"\u0080-\uffff]|%[89a-fA-F][0-9a-fA-F])*$/;
const PORT = /^[0-9]*$/;

/** Reads a URL as Go's net/url.Parse does, which takes far more than a browser; undefined when it would fail. */
export function parseGoUrl(text: string): GoUrl | undefined {
  const [whole, fragment] = cut(text, '#');
  return BAD_ESCAPE.test(fragment) ? undefined : parseWhole(whole, { isRequest: false });
}

/**
 * As {@link parseGoUrl} for a URL of a request, as net/url.ParseRequestURI: a scheme or the root's slash comes first,
 * an authority only after a scheme, and there is no fragment.
 */
export function parseGoRequestUrl(text: string): GoUrl | undefined {
  const url = parseWhole(text, { isRequest: true });
  return url && (url.scheme !== '' || text.startsWith('/') || text === '*') ? url : undefined;
}

function parseWhole(whole: string, { isRequest }: { isRequest: boolean }): GoUrl | undefined {
  if (CONTROL.test(whole)) return undefined;
  if (whole === '' || whole === '*') return { scheme: '', host: '', hostname: '', port: '', path: whole };
  const split = splitScheme(whole);
  if (!split) return undefined;
  const { scheme } = split;
  const [rest] = cut(split.rest, '?');
  if (!rest.startsWith('/')) return parseRelative(scheme, rest);
  const mayHaveAuthority = scheme !== '' || !(isRequest || rest.startsWith('///'));
  const hasAuthority = rest.startsWith('//') && mayHaveAuthority;
  if (!hasAuthority) return parsePath({ scheme, authority: '', path: rest });
  const slash = rest.indexOf('/', 2);
  const end = slash < 0 ? rest.length : slash;
  return parsePath({ scheme, authority: rest.slice(2, end), path: rest.slice(end) });
}

function cut(text: string, separator: string): [before: string, after: string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

function splitScheme(text: string): { scheme: string; rest: string } | undefined {
  const colon = text.indexOf(':');
  const name = colon < 0 ? '' : text.slice(0, colon);
  if (colon === 0) return undefined;
  if (colon < 0 || !SCHEME.test(name)) {
    // A digit or punctuation first ends the search for a scheme; other characters do so wherever they are.
    return { scheme: '', rest: text };
  }
  return { scheme: name.toLowerCase(), rest: text.slice(colon + 1) };
}

function parseRelative(scheme: string, rest: string): GoUrl | undefined {
  // With a scheme the rest is opaque, as in mailto:x; without, a colon in the first segment is ambiguous.
  if (scheme !== '') return { scheme, host: '', hostname: '', port: '', path: '' };
  const [first = ''] = rest.split('/', 1);
  return first.includes(':') ? undefined : parsePath({ scheme, authority: '', path: rest });
}

function parsePath(parts: { scheme: string; authority: string; path: string }): GoUrl | undefined {
  const { scheme, authority, path } = parts;
  if (BAD_ESCAPE.test(path)) return undefined;
  const at = authority.lastIndexOf('@');
  if (at >= 0 && (!USER_INFO.test(authority.slice(0, at)) || BAD_ESCAPE.test(authority.slice(0, at)))) return undefined;
  const host = authority.slice(at + 1);
  const split = splitHost(host);
  return split && { scheme, host, ...split, path };
}

function splitHost(host: string): { hostname: string; port: string } | undefined {
  if (host.startsWith('[')) return splitBracketed(host);
  const [hostname = '', port = '', ...more] = host.split(':');
  return more.length > 0 || !PORT.test(port) || !HOST.test(hostname) || hostname.includes('[')
    ? undefined
    : { hostname, port };
}

function splitBracketed(host: string): { hostname: string; port: string } | undefined {
  const end = host.lastIndexOf(']');
  if (end < 0) return undefined;
  const after = host.slice(end + 1);
  const hostname = host.slice(1, end);
  const [address = ''] = hostname.split('%25', 1);
  const isWellFormed = (after === '' || after.startsWith(':')) && PORT.test(after.slice(1)) && HOST.test(address);
  return isWellFormed ? { hostname, port: after.slice(1) } : undefined;
}
