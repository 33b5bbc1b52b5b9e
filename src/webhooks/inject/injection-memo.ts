import type { CompiledInjectionConfig } from '../../core/inject/compile-injection-config.ts';
import type { InjectionRequest } from '../../core/inject/prepare-injection.ts';
import { isEqual } from '../../core/json-equality.ts';
import { isJsonObject, type Json } from '../../core/kube-object.ts';
import { RecentTexts } from '../../core/recent-texts.ts';
import type { AdmissionResponse } from '../admission-review.ts';

/** The pods of one workload come in a row, and several workloads at a time. */
const KEPT = { texts: 32, length: 32 * 1024 };
const WORKLOADS = { texts: 64, length: 512 };

interface Known {
  request: InjectionRequest;
  response: AdmissionResponse;
}

/**
 * Answers to the requests that came last. The pods of one ReplicaSet are the same, byte for byte, when they are
 * admitted: an answer holds for all that the same configuration injects, and injection depends on nothing else. Only
 * the second pod of a workload is worth it: to keep answers that nobody asks for again takes longer than to find them.
 */
export class InjectionMemo {
  readonly #workloads = new RecentTexts<true>(WORKLOADS);
  readonly #known = new WeakMap<CompiledInjectionConfig, RecentTexts<Known>>();

  /** The answer to the very same request under the very same configuration, else what `find` finds. */
  of(request: InjectionRequest, config: CompiledInjectionConfig, find: () => AdmissionResponse): AdmissionResponse {
    if (this.#isFirst(request)) return find();
    let texts = this.#known.get(config);
    if (!texts) this.#known.set(config, (texts = new RecentTexts(KEPT)));
    const known = texts.of(JSON.stringify(request), () => ({ request, response: find() }));
    // Text tells numbers that are too large from null no more.
    const isSame = known.request === request || isEqual(known.request as unknown as Json, request as unknown as Json);
    return isSame ? known.response : find();
  }

  #isFirst({ namespace, pod }: InjectionRequest): boolean {
    const { metadata } = pod as { metadata?: Json };
    const name = isJsonObject(metadata) ? metadata.generateName : undefined;
    if (typeof name !== 'string') return true;
    let isFirst = false;
    this.#workloads.of(`${namespace}/${name}`, () => (isFirst = true));
    return isFirst;
  }
}
