import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { isIP, type AddressInfo } from 'node:net';
import { errorText } from '../core/error-text.ts';
import { answerRequest, type PageSources } from './answer-request.ts';
import { PageError } from './page-error.ts';

export interface PageServerOptions extends Omit<PageSources, 'names'> {
  /** 0 takes any that is free. */
  port: number;
  /** This machine alone unless told. */
  host?: string;
}

export interface PageServer {
  /** Where a browser finds it. */
  url: string;
  stop: () => Promise<void>;
}

const REQUEST_TIMEOUT_MS = 10_000;
const LOOPBACK = '127.0.0.1';
/** Names of this machine to itself, as browsers write them. */
const OWN_NAMES: ReadonlySet<string> = new Set([LOOPBACK, 'localhost', '[::1]']);

/** Serves the page. @throws PageError when the port cannot be had */
export async function startPageServer({ port, host = LOOPBACK, ...rest }: PageServerOptions): Promise<PageServer> {
  // Whoever lets others in knows by which names they come.
  const sources = { ...rest, names: isLoopback(host) ? OWN_NAMES : undefined };
  const server = createServer((request, response) => void respond(request, response, sources));
  server.requestTimeout = REQUEST_TIMEOUT_MS;
  const taken = await listen(server, port, host);
  return {
    url: `http://${isIP(host) === 6 ? `[${host}]` : host}:${taken}/`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      const cause = 'code' in error && error.code === 'EADDRINUSE' ? 'something else listens there' : errorText(error);
      reject(new PageError(`port ${port} cannot be had: ${cause}; name another, or 0 for any`));
    });
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  });
}

async function respond(request: IncomingMessage, response: ServerResponse, sources: PageSources): Promise<void> {
  const { method = '', url = '', headers } = request;
  const asked = { method, url, host: headers.host, etag: headers['if-none-match'] };
  const { status, headers: told, body } = await answerRequest(asked, sources);
  response.writeHead(status, told);
  response.end(method === 'HEAD' ? undefined : body);
}
