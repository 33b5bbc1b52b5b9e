import { analyzeWorld } from '../../core/analyze/analyze.ts';
import { ANALYZERS } from '../../core/analyze/analyzers/index.ts';
import { KIND, type Kind } from '../../core/analyze/kinds.ts';
import { meshOfConfigMaps } from '../../core/analyze/mesh-of-config-maps.ts';
import { levelOf, type Level, type Message, type MessageCode } from '../../core/analyze/messages.ts';
import { friendlyName } from '../../core/analyze/resource.ts';
import { computeReports } from '../../core/analyze/report/compute-reports.ts';
import { resourceOf } from '../../core/analyze/world-from-objects.ts';
import { MutableWorld } from '../../core/analyze/world.ts';
import type { KubeApi } from '../../kube/kube-api.ts';
import { DEFAULT_BUDGET, MemoryBudget } from '../../kube/memory-budget.ts';
import { WorkQueue, type WorkResult } from '../../runtime/work-queue.ts';
import type { Log } from '../../telemetry/log.ts';
import { fetchAnalyzedObjects } from './fetch-objects.ts';
import { writeReports } from './write-reports.ts';

export interface AnalysisReporterOptions {
  api: Pick<KubeApi, 'list' | 'apply' | 'delete'>;
  /** Where the operator runs: what concerns no namespace is reported there. */
  namespace: string;
  log: Log;
  /** Time between two looks; with 0 there are none, and reports of earlier ones are removed. */
  everyMs: number;
  istioNamespace?: string;
}

/** How often analysis finds one code. */
export interface FindingCount {
  code: MessageCode;
  level: Level;
  count: number;
}

/** Never read in the background: what is secret, and what is large and hardly changes. Its analyzers are left out. */
const UNREAD: ReadonlySet<Kind> = new Set<Kind>([KIND.secret, KIND.customResourceDefinition]);
/** What one namespace may add to a look at the whole cluster. */
const BUDGET = { ...DEFAULT_BUDGET, perNamespace: 16 * 1024 * 1024 };
const PASS = 'pass';
const BACKOFF = { baseMs: 5_000, maxMs: 300_000 };
/** Each finding is logged once; so many at most in one pass. */
const MAX_LOGGED = 100;

/** While this replica leads: looks for mistakes across resources again and again, for reports, metric and log. */
export class AnalysisReporter {
  readonly #options: AnalysisReporterOptions;
  #queue: WorkQueue | undefined;
  #counts: readonly FindingCount[] = [];
  #known: ReadonlySet<string> = new Set();

  constructor(options: AnalysisReporterOptions) {
    this.#options = options;
  }

  startLeading(): void {
    const { log } = this.#options;
    this.#queue = new WorkQueue({
      process: () => this.#pass(),
      backoff: BACKOFF,
      onFailure: ({ error }) => log.warn({ error }, 'the cluster could not be analyzed'),
    });
    this.#queue.add(PASS);
    this.#queue.start();
  }

  async stopLeading(): Promise<void> {
    const queue = this.#queue;
    this.#queue = undefined;
    this.#counts = [];
    await queue?.stop();
  }

  /** What the last look found. */
  list(): readonly FindingCount[] {
    return this.#counts;
  }

  async #pass(): Promise<WorkResult> {
    const { api, namespace, everyMs, istioNamespace = 'istio-system' } = this.#options;
    if (everyMs === 0) {
      await writeReports(api, []);
      return {};
    }
    const objects = await fetchAnalyzedObjects(api, { without: UNREAD, budget: new MemoryBudget(BUDGET) });
    const resources = objects.flatMap((value) => resourceOf({ value, origin: {} }, '') ?? []);
    resources.push(...meshOfConfigMaps(resources, istioNamespace));
    const world = new MutableWorld(resources, { now: Date.now(), readCertificate: () => undefined });
    const found: Message[] = [];
    for (const analyzer of ANALYZERS) {
      if (analyzer.inputs.some((kind) => UNREAD.has(kind))) continue;
      found.push(...analyzeWorld(world, [analyzer]));
      // Admission calls come first: they wait for one analyzer at most.
      await new Promise((resolve) => setImmediate(resolve));
    }
    this.#publish(found);
    await writeReports(api, computeReports(found, namespace));
    return { requeueAfterMs: everyMs };
  }

  #publish(found: readonly Message[]): void {
    const counts = new Map<MessageCode, number>();
    for (const { code } of found) counts.set(code, (counts.get(code) ?? 0) + 1);
    this.#counts = [...counts].map(([code, count]) => ({ code, level: levelOf({ code }), count }));
    const keyOf = ({ code, resource, path, text }: Message): string =>
      [code, friendlyName(resource), path, text].join(' ');
    const fresh = found.filter((message) => levelOf(message) !== 'Info' && !this.#known.has(keyOf(message)));
    for (const { code, resource, path, text } of fresh.slice(0, MAX_LOGGED)) {
      this.#options.log.warn({ code, resource: friendlyName(resource), path }, text);
    }
    this.#known = new Set(found.map(keyOf));
  }
}
