import { errorText } from '../core/error-text.ts';
import type { Snapshot } from './live-report.ts';
import type { PageAssets } from './page-assets.ts';
import { liveDocument } from './page-document.ts';

/** What of a request counts. */
export interface PageRequest {
  method: string;
  /** Path and query. */
  url: string;
  host: string | undefined;
  etag: string | undefined;
}

export interface PageAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** What there is to answer with. */
export interface PageSources {
  /** Names by which the page may be called, whatever the port; undefined for any. */
  names: ReadonlySet<string> | undefined;
  assets: PageAssets;
  snapshot: () => Promise<Snapshot>;
}

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** On every answer. */
const HEADERS = {
  'content-security-policy': POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cache-control': 'no-store',
};

/** Answers a request for the page; there is nothing that could be changed. */
export async function answerRequest(request: PageRequest, sources: PageSources): Promise<PageAnswer> {
  const { method, host, url } = request;
  // A foreign name that leads here is an attack.
  if (sources.names && !sources.names.has(nameIn(host))) {
    return text(421, `this page is at ${[...sources.names].join(' and ')} alone\n`);
  }
  if (method !== 'GET' && method !== 'HEAD') {
    const refused = text(405, 'there is nothing here but to look at\n');
    return { ...refused, headers: { ...refused.headers, allow: 'GET, HEAD' } };
  }
  const { assets } = sources;
  switch (url.split('?')[0]) {
    case '/':
      return answer(200, 'text/html', liveDocument());
    case '/page.js':
      return answer(200, 'text/javascript', assets.script);
    case '/page.css':
      return answer(200, 'text/css', assets.style);
    case '/api/v1/state':
      return answerState(request, sources);
    default:
      return text(404, 'there is no such page\n');
  }
}

function nameIn(host = ''): string {
  return host.toLowerCase().replace(/:\d+$/, '');
}

async function answerState({ etag: known }: PageRequest, { snapshot }: PageSources): Promise<PageAnswer> {
  try {
    const { json, etag } = await snapshot();
    const found = known === etag ? { ...text(304, ''), body: '' } : answer(200, 'application/json', json);
    return { ...found, headers: { ...found.headers, etag } };
  } catch (error) {
    return text(502, `the cluster could not be read: ${errorText(error)}\n`);
  }
}

function text(status: number, body: string): PageAnswer {
  return answer(status, 'text/plain', body);
}

function answer(status: number, type: string, body: string): PageAnswer {
  return { status, headers: { ...HEADERS, 'content-type': `${type}; charset=utf-8` }, body };
}
