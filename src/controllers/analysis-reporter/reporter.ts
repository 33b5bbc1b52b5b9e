import { USUAL_NAMESPACE } from '../../api/istio-names.ts';
import {
  UNREAD,
  type ClusterAnalysis,
  type ClusterView,
  type FindingCount,
  type ToldFinding,
} from '../../core/analyze/report/analyze-cluster.ts';
import type { KubeApi } from '../../kube/kube-api.ts';
import { DEFAULT_BUDGET, MemoryBudget } from '../../kube/memory-budget.ts';
import { LeaderQueue, type PassEnd } from '../../runtime/leader-queue.ts';
import { NO_READERS, type Readers } from '../../webhooks/validate/readers.ts';
import type { Log } from '../../telemetry/log.ts';
import type { Metrics } from '../../telemetry/metrics.ts';
import { fetchAnalyzedTexts } from './fetch-objects.ts';
import { writeReports } from './write-reports.ts';

/** Analyzes the objects of these texts in another thread, which they are given to. */
export type AnalyzeApart = (texts: readonly Uint8Array<ArrayBuffer>[], view: ClusterView) => Promise<ClusterAnalysis>;

export interface AnalysisReporterOptions {
  api: Pick<KubeApi, 'list' | 'apply' | 'delete'>;
  /** Where the operator runs: what concerns no namespace is reported there. */
  namespace: string;
  log: Log;
  metrics?: Metrics;
  /** Time between two looks; with 0 there are none, and reports of earlier ones are removed. */
  everyMs: number;
  istioNamespace?: string;
  /** By whose rules resources are judged. */
  readers?: Pick<Readers, 'list'>;
  analyze: AnalyzeApart;
}

/** What one namespace may add to a look at the whole cluster. */
const BUDGET = { ...DEFAULT_BUDGET, perNamespace: 16 * 1024 * 1024 };
const PASS = 'pass';
const BACKOFF = { baseMs: 5_000, maxMs: 300_000 };
/** Each finding is logged once; so many at most in one pass. */
const MAX_LOGGED = 100;

/** While this replica leads: looks for mistakes across resources again and again, for reports, metric and log. */
export class AnalysisReporter {
  readonly #options: AnalysisReporterOptions;
  readonly #queue: LeaderQueue;
  #counts: readonly FindingCount[] = [];
  #known: ReadonlySet<string> = new Set();

  constructor(options: AnalysisReporterOptions) {
    this.#options = options;
    this.#queue = new LeaderQueue({
      name: 'analysis-reports',
      pass: () => this.#pass(),
      listKeys: () => [PASS],
      backoff: BACKOFF,
      log: options.log,
      metrics: options.metrics,
    });
  }

  startLeading(): void {
    this.#queue.startLeading();
  }

  async stopLeading(): Promise<void> {
    this.#counts = [];
    this.#known = new Set();
    await this.#queue.stopLeading();
  }

  /** What the last look found. */
  list(): readonly FindingCount[] {
    return this.#counts;
  }

  async #pass(): Promise<PassEnd> {
    const { api, namespace, everyMs, analyze, readers = NO_READERS, istioNamespace = USUAL_NAMESPACE } = this.#options;
    if (everyMs === 0) {
      await writeReports(api, []);
      return {};
    }
    const texts = await fetchAnalyzedTexts(api, { without: UNREAD, budget: new MemoryBudget(BUDGET) });
    const view = { now: Date.now(), istioNamespace, operatorNamespace: namespace, readers: readers.list() };
    const { counts, told, reports } = await analyze(texts, view);
    this.#counts = counts;
    this.#logNew(told);
    await writeReports(api, reports);
    return { requeueAfterMs: everyMs };
  }

  #logNew(told: readonly ToldFinding[]): void {
    const keyOf = ({ code, resource, path, text }: ToldFinding): string => [code, resource, path, text].join(' ');
    const fresh = told.filter((finding) => !this.#known.has(keyOf(finding)));
    for (const { code, resource, path, text } of fresh.slice(0, MAX_LOGGED)) {
      this.#options.log.warn({ code, resource, path }, text);
    }
    this.#known = new Set(told.map(keyOf));
  }
}
