import { ISTIO_OPERATOR } from '../api/install/istio-operator-kind.ts';
import { KIND, kindRefOf } from '../core/analyze/kinds.ts';
import { errorText } from '../core/error-text.ts';
import { INJECTOR, MESH, revisionIn } from '../core/inject/control-plane-objects.ts';
import type { KubeObject } from '../core/kube-object.ts';
import type { UnreadKind } from '../core/mesh/mesh-state.ts';
import { slimForReport } from '../core/mesh/slim-for-report.ts';
import { CHANGE_KINDS, REPORT_KINDS } from '../core/report/report-kinds.ts';
import type { Informer } from '../kube/informer.ts';
import type { InformerPool } from '../kube/informer-pool.ts';
import type { KindRef } from '../kube/kube-api.ts';
import { DEFAULT_BUDGET, MemoryBudget } from '../kube/memory-budget.ts';

/** All that a report is made of, as it is now. */
export interface WatchedMesh {
  /** JSON, an object a line. */
  text: string;
  unread: UnreadKind[];
}

/** These are read from ConfigMaps. */
const WITHOUT_RESOURCE: ReadonlySet<string> = new Set([KIND.meshConfig, KIND.meshNetworks]);
/** A namespace may fill this much of the page's memory with its own objects. */
const BUDGET = { ...DEFAULT_BUDGET, perNamespace: 16 * 1024 * 1024 };
/** What cannot be read by then is told to be missing. */
const SYNC_MS = 15_000;

/** Keeps what a report is made of, as text, from its start to its stop. Watches that others have open are shared. */
export class MeshWatch {
  readonly #informers: readonly Informer[];
  #changes = 0;

  constructor(informers: Pick<InformerPool, 'open'>) {
    const budget = new MemoryBudget(BUDGET);
    const refs = REPORT_KINDS.filter((kind) => !WITHOUT_RESOURCE.has(kind)).map(kindRefOf);
    this.#informers = [ISTIO_OPERATOR, ...CHANGE_KINDS, ...refs].map(({ apiVersion, kind }) =>
      informers.open({ kind: { apiVersion, kind }, budget, slim: (object) => toLine({ ...object, apiVersion, kind }) }),
    );
    for (const informer of this.#informers) informer.subscribe(() => (this.#changes += 1));
  }

  /** Grows with every change. */
  get changes(): number {
    return this.#changes;
  }

  start(): void {
    for (const informer of this.#informers) informer.start();
  }

  async stop(): Promise<void> {
    await Promise.all(this.#informers.map((informer) => informer.stop()));
  }

  /** Waits until everything that can be read was read once. */
  async read(): Promise<WatchedMesh> {
    const signal = AbortSignal.timeout(SYNC_MS);
    await Promise.allSettled(this.#informers.map((informer) => informer.waitForSync(signal)));
    return {
      text: this.#informers.flatMap((informer) => informer.list().map(({ line }) => line as string)).join('\n'),
      unread: this.#informers.flatMap(unreadOf),
    };
  }
}

function unreadOf({ kind: { kind }, hasSynced, skipped, lastError }: Informer): UnreadKind[] {
  if (!hasSynced) return [{ kind, why: lastError === undefined ? 'it was not read yet' : errorText(lastError) }];
  return skipped === 0 ? [] : [{ kind, why: `${skipped} of them are too large to be kept` }];
}

/** Of ConfigMaps only those of control planes. */
function toLine(object: KubeObject): KubeObject | undefined {
  const { apiVersion, kind, metadata } = object;
  const { name, namespace, resourceVersion } = metadata;
  if (kind === 'ConfigMap' && [INJECTOR, MESH].every((known) => revisionIn(name, known) === undefined))
    return undefined;
  return {
    ...({ apiVersion, kind } satisfies KindRef),
    metadata: { name, ...(namespace === undefined ? {} : { namespace }), resourceVersion },
    line: JSON.stringify(slimForReport(object)),
  };
}
