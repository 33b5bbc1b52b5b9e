import type { Answer } from '../mesh/constant-load.ts';

/** Of how many of the last answers shares are counted: what a viewer changes shows within seconds. */
export const SHARE_OF_LAST = 200;

/** Answers that one caller got from one server, seen as one identity. */
export interface RouteCount {
  /** What the server calls itself. */
  readonly server: string;
  /** The caller's identity, as the server's proxy vouches for it; empty in plain text. */
  readonly identity: string;
  readonly answered: number;
  /** Of the caller's last answers, 0 to 1. */
  readonly share: number;
}

/** What became of one caller's requests. */
export interface CallerCount {
  readonly caller: string;
  readonly answered: number;
  readonly refused: number;
  /** Why the last of the refused was; empty where none was. */
  readonly reason: string;
  /** How the last request ended, and how many before it in the same way. */
  readonly streak: { readonly outcome: 'answered' | 'refused'; readonly count: number };
  /** In the order of the servers' names. */
  readonly routes: readonly RouteCount[];
}

/** Counts one caller's requests. */
export class TrafficCount {
  readonly #caller: string;
  readonly #routes = new Map<string, { server: string; identity: string; answered: number }>();
  readonly #last: string[] = [];
  #answered = 0;
  #refused = 0;
  #reason = '';
  #streak: CallerCount['streak'] = { outcome: 'answered', count: 0 };

  constructor(caller: string) {
    this.#caller = caller;
  }

  add(answer: Answer): void {
    const isAnswered = answer.error === '' && answer.status >= 200 && answer.status < 400;
    const outcome = isAnswered ? 'answered' : 'refused';
    this.#streak = { outcome, count: this.#streak.outcome === outcome ? this.#streak.count + 1 : 1 };
    if (isAnswered) this.#addAnswered(answer);
    else this.#addRefused(answer);
  }

  view(): CallerCount {
    return {
      caller: this.#caller,
      answered: this.#answered,
      refused: this.#refused,
      reason: this.#reason,
      streak: this.#streak,
      routes: [...this.#routes.entries()]
        .sort(([one], [other]) => (one < other ? -1 : 1))
        .map(([key, route]) => ({
          ...route,
          share: this.#last.filter((last) => last === key).length / Math.max(this.#last.length, 1),
        })),
    };
  }

  #addAnswered({ name, identity }: Answer): void {
    this.#answered += 1;
    const key = `${name} ${identity}`;
    const route = this.#routes.get(key) ?? { server: name, identity, answered: 0 };
    route.answered += 1;
    this.#routes.set(key, route);
    this.#last.push(key);
    if (this.#last.length > SHARE_OF_LAST) this.#last.shift();
  }

  #addRefused({ status, error }: Answer): void {
    this.#refused += 1;
    this.#reason = error === '' ? `status ${status}` : shorten(error);
  }
}

/** Whether a caller's last requests are shared by weights (in percent), give or take a few percent. */
export function isSharedBy(
  { answered, routes }: CallerCount,
  weights: Readonly<Record<string, number>>,
  tolerance = 5,
): boolean {
  if (answered < SHARE_OF_LAST) return false;
  return Object.entries(weights).every(([server, weight]) => {
    const share = routes.filter((route) => route.server === server).reduce((sum, route) => sum + route.share, 0);
    return Math.abs(share * 100 - weight) <= tolerance;
  });
}

/** `read: connection reset by peer` as people say it. */
function shorten(error: string): string {
  return error.replace(/^(?:(?:read|write|dial): )+/, '').replace(/ by peer$/, '');
}
