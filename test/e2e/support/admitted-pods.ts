// Pods that the API server is asked to admit, again and again, while something goes on with the webhooks.
import type { KubeClient } from '../../../src/kube/client.ts';
import { pause } from '../../../testbed/wait.ts';

/** Leaves the machine to what is looked at. */
export const LOOK_EVERY_MS = 20;

interface PodSpec {
  containers: { name: string }[];
  initContainers?: { name: string }[];
}
const SPEC: PodSpec & object = { containers: [{ name: 'app', image: 'app' } as { name: string }] };

/** Tries pods by dry run until it is stopped. */
export class AdmittedPods {
  pods = 0;
  /** Without a sidecar. */
  bare = 0;
  /** Why pods were refused, each cause once. */
  readonly refused = new Set<string>();
  readonly #admin: KubeClient;
  readonly #namespace: string;
  #isStopped = false;
  #running = Promise.resolve();

  constructor(admin: KubeClient, namespace: string) {
    this.#admin = admin;
    this.#namespace = namespace;
  }

  start(): this {
    this.#running = this.#repeat();
    return this;
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#running;
  }

  async #repeat(): Promise<void> {
    for (; !this.#isStopped; await pause(LOOK_EVERY_MS)) await this.#admit();
  }

  async #admit(): Promise<void> {
    const metadata = { name: `p-${this.pods}`, namespace: this.#namespace };
    this.pods += 1;
    try {
      const pod = await this.#admin.create({ apiVersion: 'v1', kind: 'Pod', metadata, spec: SPEC }, { dryRun: true });
      const { containers, initContainers = [] } = (pod as unknown as { spec: PodSpec }).spec;
      if (![...containers, ...initContainers].some(({ name }) => name === 'istio-proxy')) this.bare += 1;
    } catch (error) {
      this.refused.add(String(error));
    }
  }
}
