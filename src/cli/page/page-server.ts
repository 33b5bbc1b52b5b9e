import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { errorText } from '../../core/error-text.ts';
import { InputError } from '../shell/input-error.ts';
import { answerRequest, type PageSources } from './answer-request.ts';

export interface PageServerOptions extends Omit<PageSources, 'hosts'> {
  /** 0 takes any that is free. */
  port: number;
}

export interface PageServer {
  /** Where a browser finds it. */
  url: string;
  stop: () => Promise<void>;
}

const LOOPBACK = '127.0.0.1';
/** Names of this machine to itself, as browsers write them. */
const NAMES = [LOOPBACK, 'localhost', '[::1]'];

/** Serves the page to this machine alone. @throws InputError when the port cannot be had */
export async function startPageServer({ port, ...sources }: PageServerOptions): Promise<PageServer> {
  const hosts = new Set<string>();
  const server = createServer((request, response) => void respond(request, response, { ...sources, hosts }));
  const taken = await listen(server, port);
  for (const name of NAMES) hosts.add(`${name}:${taken}`);
  return {
    url: `http://${LOOPBACK}:${taken}/`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      const cause = 'code' in error && error.code === 'EADDRINUSE' ? 'something else listens there' : errorText(error);
      reject(new InputError(`port ${port} cannot be had: ${cause}; name another with --port, or 0 for any`));
    });
    server.listen(port, LOOPBACK, () => resolve((server.address() as AddressInfo).port));
  });
}

async function respond(request: IncomingMessage, response: ServerResponse, sources: PageSources): Promise<void> {
  const { method = '', url = '', headers } = request;
  const asked = { method, url, host: headers.host, etag: headers['if-none-match'] };
  const { status, headers: told, body } = await answerRequest(asked, sources);
  response.writeHead(status, told);
  response.end(method === 'HEAD' ? undefined : body);
}
