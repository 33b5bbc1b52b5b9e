import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Answers each query by the number that it was told, or not at all. */
export class ToldPrometheus {
  /** What each query has as its value; one that is not there has none. */
  readonly values = new Map<string, number>();
  /** While it is true, every question is answered with 503. */
  isAway = false;
  /** Every query that was asked. */
  readonly asked: string[] = [];
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => {
      let body = '';
      request.on('data', (piece: Buffer) => (body += piece.toString()));
      request.on('end', () => {
        const query = new URLSearchParams(body).get('query') ?? '';
        this.asked.push(query);
        const value = this.values.get(query);
        const result = value === undefined ? [] : [{ metric: {}, value: [0, String(value)] }];
        response.statusCode = this.isAway ? 503 : 200;
        response.end(JSON.stringify({ status: 'success', data: { resultType: 'vector', result } }));
      });
    });
  }

  static async start(): Promise<ToldPrometheus> {
    const prometheus = new ToldPrometheus();
    prometheus.#server.listen(0, '127.0.0.1');
    await once(prometheus.#server, 'listening');
    return prometheus;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
