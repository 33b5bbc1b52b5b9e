import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

/** An API server that gives back what is applied to it, and what it was given to begin with. */
export class EchoApi {
  readonly #server: Server;
  readonly #objects: ReadonlyMap<string, unknown>;
  /** Each request, as `PATCH /apis/...`. */
  readonly requests: string[] = [];

  /** `objects` are told by the path of the request for them. */
  constructor(objects: ReadonlyMap<string, unknown> = new Map()) {
    this.#objects = objects;
    this.#server = createServer((request, response) => {
      void this.#answer(request).then((body) => {
        response.writeHead(200, { 'content-type': 'application/json' }).end(body);
      });
    });
  }

  async start(): Promise<void> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  /** Writes a kubeconfig into the folder and returns its path. */
  async writeKubeconfig(folder: string): Promise<string> {
    const { port } = this.#server.address() as AddressInfo;
    const path = join(folder, 'kubeconfig');
    const config = {
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'echo',
      contexts: [{ name: 'echo', context: { cluster: 'echo', user: 'nobody' } }],
      clusters: [{ name: 'echo', cluster: { server: `http://127.0.0.1:${port}`, 'insecure-skip-tls-verify': true } }],
      users: [{ name: 'nobody', user: {} }],
    };
    await writeFile(path, JSON.stringify(config));
    return path;
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  async #answer(request: IncomingMessage): Promise<string> {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    this.requests.push(`${request.method} ${pathname}`);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    return request.method === 'GET'
      ? JSON.stringify(this.#objects.get(pathname) ?? {})
      : Buffer.concat(chunks).toString('utf8');
  }
}
