import { errorText } from '../../core/error-text.ts';
import { displayName, isJsonObject, refOf, type KubeObject } from '../../core/kube-object.ts';
import { findPodTrouble, type PodTrouble } from '../../core/status/pod-trouble.ts';
import type { KubeApi } from '../../kube/kube-api.ts';

/** What the pods of one workload told when they were read last. */
interface Told {
  at: number;
  trouble?: PodTrouble;
  /** Why they could not be read. */
  unread?: string;
}

/** Events of a workload that is on its way come in crowds; its pods are read once for all of them. */
const READ_EVERY_MS = 5_000;
const FORGET_MS = 60_000;

/** A workload does not say why its pods are not ready; the pods do. They are read only while it is not ready, and not too often. */
export class PodTroubles {
  readonly #now: () => number;
  readonly #told = new Map<string, Told>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Why pods of the workload do not come up: what fails before what is slow. Never rejects. */
  async fetch(api: Pick<KubeApi, 'list'>, workload: KubeObject): Promise<Omit<Told, 'at'>> {
    this.#forgetOld();
    const key = `${displayName(refOf(workload))} ${String(workload.metadata['uid'])}`;
    const known = this.#told.get(key);
    if (known && this.#now() - known.at < READ_EVERY_MS) return known;
    const told = { at: this.#now(), ...(await readPods(api, workload, this.#now())) };
    this.#told.set(key, told);
    return told;
  }

  #forgetOld(): void {
    for (const [key, { at }] of this.#told) if (this.#now() - at > FORGET_MS) this.#told.delete(key);
  }
}

async function readPods(api: Pick<KubeApi, 'list'>, workload: KubeObject, now: number): Promise<Omit<Told, 'at'>> {
  const labelSelector = selectorOf(workload);
  const { namespace } = workload.metadata;
  if (!labelSelector || !namespace) return {};
  try {
    const { items } = await api.list({ apiVersion: 'v1', kind: 'Pod' }, { namespace, labelSelector });
    const troubles = items
      .filter(({ metadata }) => !metadata['deletionTimestamp'])
      .map((pod) => findPodTrouble(pod, now))
      .filter((trouble) => trouble !== undefined);
    const trouble = troubles.find(({ isFailure }) => isFailure) ?? troubles[0];
    return trouble === undefined ? {} : { trouble };
  } catch (error) {
    return { unread: errorText(error) };
  }
}

function selectorOf(workload: KubeObject): string | undefined {
  const spec = isJsonObject(workload['spec']) ? workload['spec'] : {};
  const selector = isJsonObject(spec['selector']) ? spec['selector'] : {};
  const labels = isJsonObject(selector['matchLabels']) ? selector['matchLabels'] : {};
  const terms = Object.entries(labels).flatMap(([key, value]) =>
    typeof value === 'string' ? [`${key}=${value}`] : [],
  );
  return terms.length > 0 ? terms.join(',') : undefined;
}
