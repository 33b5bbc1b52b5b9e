// Stands for the Service in front of several operators: one loopback port, forwarded to those that take connections.
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** Forwards TCP connections in turn; a backend that takes none is passed over. */
export class Forwarder {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #backends: readonly number[] = [];
  #turn = 0;

  private constructor() {
    this.#server = createServer({ pauseOnConnect: true }, (client) => this.#forward(client, this.#backends.length));
  }

  /** Listens on a free port of 127.0.0.1. */
  static async start(backends: readonly number[] = []): Promise<Forwarder> {
    const forwarder = new Forwarder();
    forwarder.use(backends);
    await new Promise<void>((resolve) => forwarder.#server.listen(0, '127.0.0.1', resolve));
    return forwarder;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Ports that new connections go to; those that are open stay where they are. */
  use(backends: readonly number[]): void {
    this.#backends = backends;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #forward(client: Socket, attempts: number): void {
    const port = this.#backends[this.#turn++ % Math.max(1, this.#backends.length)];
    if (port === undefined || attempts === 0) {
      client.destroy();
      return;
    }
    const backend = connect(port, '127.0.0.1');
    const onRefused = (): void => this.#forward(client, attempts - 1);
    backend.once('error', onRefused);
    backend.once('connect', () => {
      backend.off('error', onRefused);
      this.#join(client, backend);
    });
  }

  #join(client: Socket, backend: Socket): void {
    for (const [from, to] of [
      [client, backend],
      [backend, client],
    ] as const) {
      this.#sockets.add(from);
      from.setNoDelay(true);
      from.on('error', () => to.destroy());
      from.once('close', () => {
        this.#sockets.delete(from);
        to.destroySoon();
      });
      from.pipe(to);
    }
    client.resume();
  }
}
