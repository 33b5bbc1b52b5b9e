import { errorText } from '../../src/core/error-text.ts';
import { followLoad, type FollowedLoad } from '../mesh/constant-load.ts';
import { fetchPods, isReady } from '../mesh/pods.ts';
import type { RealEnvironment } from '../mesh/real-cluster.ts';
import { pause, waitFor } from '../wait.ts';
import { createPainter, type Stage } from './stage.ts';
import { TrafficCount } from './traffic-count.ts';
import { renderTraffic, renderTrafficChanges, type TrafficView } from './traffic-table.ts';

const REDRAW_MS = 250;
/** A pod that is gone has a successor soon. */
const RETRY_MS = 500;

/** Whose requests are followed. */
export interface Caller {
  readonly namespace: string;
  /** `app` label of its one pod. */
  readonly name: string;
  /** Flags of `testbed-traffic load`. */
  readonly flags: readonly string[];
}

/** Sends requests, counts what becomes of them, and shows it until `stop`. */
export class TrafficWatch {
  /** What the picture's last line says. */
  note = '';
  readonly #stage: Stage;
  readonly #environment: RealEnvironment;
  readonly #about: Pick<TrafficView, 'service' | 'serviceIdentity'>;
  readonly #counts: TrafficCount[] = [];
  readonly #loads = new Set<FollowedLoad>();
  readonly #paint: (view: TrafficView) => void;
  readonly #began = performance.now();
  readonly #stopped = new AbortController();
  readonly #ticker: NodeJS.Timeout | undefined;
  #lastTrouble = '';

  constructor(
    stage: Stage,
    environment: RealEnvironment,
    about: Pick<TrafficView, 'service' | 'serviceIdentity'>,
    callers: readonly Caller[],
  ) {
    this.#stage = stage;
    this.#environment = environment;
    this.#about = about;
    this.#paint = createPainter(stage.screen, { table: renderTraffic, changes: renderTrafficChanges });
    for (const caller of callers) void this.#keepCalling(caller);
    this.#ticker = stage.screen.isTerminal ? setInterval(() => this.#paint(this.view()), REDRAW_MS) : undefined;
  }

  view(): TrafficView {
    return {
      ...this.#about,
      seconds: (performance.now() - this.#began) / 1000,
      note: this.note,
      callers: this.#counts.map((count) => count.view()),
    };
  }

  /**
   * Waits until the traffic is as it should be.
   *
   * @throws when it is not after `timeoutMs`, with what `describe` says of it.
   */
  async wait(
    description: string,
    {
      isRight,
      describe,
      timeoutMs,
    }: { isRight: (view: TrafficView) => boolean; describe: (view: TrafficView) => string; timeoutMs: number },
  ): Promise<TrafficView> {
    const check = (): TrafficView => {
      const view = this.view();
      if (isRight(view)) return view;
      throw new Error([describe(view), this.#lastTrouble].filter((text) => text !== '').join('; '));
    };
    return waitFor(description, check, { timeoutMs, signal: this.#stage.signal });
  }

  async stop(): Promise<void> {
    clearInterval(this.#ticker);
    this.#stopped.abort();
    await Promise.all([...this.#loads].map((load) => load.stop()));
  }

  /** A viewer may delete the pod: another one takes over. */
  async #keepCalling(caller: Caller): Promise<void> {
    const count = new TrafficCount(`${caller.namespace}/${caller.name}`);
    this.#counts.push(count);
    while (!this.#stopped.signal.aborted) {
      try {
        await this.#call(caller, count);
      } catch (error) {
        this.#lastTrouble = errorText(error);
      }
      await pause(RETRY_MS, this.#stopped.signal).catch(() => undefined);
    }
  }

  async #call({ namespace, name, flags }: Caller, count: TrafficCount): Promise<void> {
    const pod = (await fetchPods(this.#environment.kubectl, namespace, `app=${name}`)).find(isReady);
    if (pod === undefined || this.#stopped.signal.aborted) return;
    const load = followLoad(this.#environment, pod, flags, (answer) => {
      count.add(answer);
      if (!this.#stage.screen.isTerminal) this.#paint(this.view());
    });
    this.#loads.add(load);
    await load.ended.finally(() => this.#loads.delete(load));
  }
}
