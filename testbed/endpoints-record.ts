import type { KubeObject } from '../src/core/kube-object.ts';
import type { KubeClient } from '../src/kube/client.ts';

const SLICE = { apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice' };

interface Endpoint {
  conditions?: { ready?: boolean };
  targetRef?: { name?: string };
}

/** Watches the endpoints of a Service and keeps the fewest that were ready at any moment. */
export class EndpointsRecord {
  fewest = Infinity;
  readonly #slices = new Map<string, KubeObject>();
  readonly #abort = new AbortController();
  #done: Promise<unknown> = Promise.resolve();

  static async start(api: KubeClient, service: { namespace: string; name: string }): Promise<EndpointsRecord> {
    const record = new EndpointsRecord();
    const selection = { namespace: service.namespace, labelSelector: `kubernetes.io/service-name=${service.name}` };
    const { items, resourceVersion } = await api.list(SLICE, selection);
    for (const slice of items) record.#slices.set(slice.metadata.name, slice);
    record.#note();
    const signal = record.#abort.signal;
    const events = await api.watch(SLICE, { ...selection, resourceVersion, timeoutSeconds: 600, signal });
    record.#done = record.#follow(events).catch((error: unknown) => error);
    return record;
  }

  /** Names of the pods that are ready now. */
  get ready(): string[] {
    return [...this.#slices.values()]
      .flatMap(({ endpoints }) => (endpoints ?? []) as Endpoint[])
      .filter(({ conditions }) => conditions?.ready !== false)
      .map(({ targetRef }) => targetRef?.name ?? '');
  }

  async stop(): Promise<void> {
    const ended = await Promise.race([this.#done, Promise.resolve('open')]);
    this.#abort.abort();
    // A record with a gap proves nothing.
    if (ended !== 'open') throw new Error('the watch of the endpoints ended early', { cause: ended });
    await this.#done;
  }

  async #follow(events: AsyncIterable<{ type: string; object: KubeObject }>): Promise<void> {
    for await (const { type, object } of events) {
      if (type === 'DELETED') this.#slices.delete(object.metadata.name);
      else if (object.kind === SLICE.kind && type !== 'BOOKMARK') this.#slices.set(object.metadata.name, object);
      this.#note();
    }
  }

  #note(): void {
    this.fewest = Math.min(this.fewest, this.ready.length);
  }
}
