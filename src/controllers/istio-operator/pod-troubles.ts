import { errorText } from '../../core/error-text.ts';
import { displayName, isJsonObject, refOf, type KubeObject } from '../../core/kube-object.ts';
import {
  describeTrouble,
  explain,
  rankTroubles,
  type PodVerdict,
  type RankedTrouble,
} from '../../core/status/pods/describe-trouble.ts';
import { findLatestEvent, listWitnesses, settleTrouble, type Evidence } from '../../core/status/pods/pod-evidence.ts';
import { findTemplate, needsReplicaSets } from '../../core/status/pods/pod-template.ts';
import { findPodTrouble, type PodTrouble } from '../../core/status/pods/pod-trouble.ts';
import { isSettled, slimPod } from '../../core/status/pods/pod-view.ts';
import { lacksPods } from '../../core/status/workload-health.ts';
import type { KubeApi } from '../../kube/kube-api.ts';

/** What the pods of one workload told when they were read last. */
interface Told {
  at: number;
  verdict?: PodVerdict;
  /** Why they could not be read. */
  unread?: string;
}

type PodReads = Pick<KubeApi, 'get' | 'list'>;

/** Events of a workload that is on its way come in crowds; its pods are read once for all of them. */
const READ_EVERY_MS = 5_000;
const FORGET_MS = 60_000;
/** The longest pause of Kubernetes' controllers between two tries to make a pod, and some more. */
const RETRIED_MS = 20 * 60_000;
const MOST_ASKED = 3;

/**
 * A workload does not say why its pods fail; they do themselves, with their nodes and events. All that is read only while
 * it is not ready, and not too often.
 */
export class PodTroubles {
  readonly #now: () => number;
  readonly #told = new Map<string, Told>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** What keeps pods of the workload from running; nothing while they are on their way. Never rejects. */
  async fetch(api: PodReads, workload: KubeObject): Promise<Omit<Told, 'at'>> {
    this.#forgetOld();
    const key = `${displayName(refOf(workload))} ${String(workload.metadata['uid'])}`;
    const known = this.#told.get(key);
    const now = this.#now();
    if (known && isWithin(now - known.at, READ_EVERY_MS)) return known;
    const told = { at: now, ...(await readPods({ api, now }, workload)) };
    this.#told.set(key, told);
    return told;
  }

  #forgetOld(): void {
    for (const [key, { at }] of this.#told) if (!isWithin(this.#now() - at, FORGET_MS)) this.#told.delete(key);
  }
}

/** What lies ahead is of before the clock was set back. */
function isWithin(age: number, limit: number): boolean {
  return age >= 0 && age < limit;
}

/** How and as of when pods are looked at. */
interface Look {
  api: PodReads;
  /** Milliseconds since the epoch. */
  now: number;
}

async function readPods(look: Look, workload: KubeObject): Promise<Omit<Told, 'at'>> {
  try {
    const found = await fetchVerdict(look, workload);
    const verdict = found?.isFailure ? found : ((await fetchRefusal(look, workload)) ?? found);
    return verdict ? { verdict } : {};
  } catch (error) {
    return { unread: errorText(error) };
  }
}

/** Why no pods are made for a DaemonSet: nothing but events tells. Its controller tries again within this time. */
async function fetchRefusal({ api, now }: Look, workload: KubeObject): Promise<PodVerdict | undefined> {
  if (!lacksPods(workload)) return undefined;
  const told = findLatestEvent(await fetchEvents(api, workload.metadata), ['FailedCreate'], now - RETRIED_MS);
  return told && { reason: told.reason, text: explain(told.reason, told.detail), isFailure: true };
}

/** Asks on about no more than a few troubles: each costs a read. */
async function fetchVerdict(look: Look, workload: KubeObject): Promise<PodVerdict | undefined> {
  const ranked = await fetchTroubles(look, workload);
  for (const one of ranked.slice(0, MOST_ASKED)) {
    const trouble = await fetchSettled(look, one.trouble);
    if (trouble) return describeTrouble({ ...one, trouble });
  }
  return undefined;
}

async function fetchTroubles({ api, now }: Look, workload: KubeObject): Promise<RankedTrouble[]> {
  const labelSelector = selectorOf(workload);
  const { namespace } = workload.metadata;
  if (!labelSelector || !namespace) return [];
  const reduce = (pod: KubeObject): KubeObject | undefined => (isSettled(pod) ? undefined : slimPod(pod));
  const { items } = await api.list({ apiVersion: 'v1', kind: 'Pod' }, { namespace, labelSelector, reduce });
  const troubles = items.flatMap((pod) => findPodTrouble(pod, now) ?? []);
  if (troubles.length === 0) return [];
  const replicaSets = needsReplicaSets(workload)
    ? await api.list({ apiVersion: 'apps/v1', kind: 'ReplicaSet' }, { namespace, labelSelector, metadataOnly: true })
    : { items: [] };
  return rankTroubles(troubles, findTemplate(workload, replicaSets.items));
}

/** With what the node or the events of the pod tell of it; where they cannot be read, as the pod tells it. */
async function fetchSettled(look: Look, trouble: PodTrouble): Promise<PodTrouble | undefined> {
  try {
    return settleTrouble(trouble, await fetchEvidence(look.api, trouble), look.now);
  } catch (error) {
    return { ...trouble, detail: `${trouble.detail}; more could not be read: ${errorText(error)}` };
  }
}

async function fetchEvidence(api: PodReads, trouble: PodTrouble): Promise<Evidence> {
  const { spec, metadata } = trouble.pod;
  const witnesses = listWitnesses(trouble);
  const evidence: Evidence = {};
  if (witnesses.includes('node')) {
    evidence.node = await api.get({ apiVersion: 'v1', kind: 'Node', name: spec.nodeName ?? '' });
  }
  if (witnesses.includes('events')) evidence.events = await fetchEvents(api, metadata);
  return evidence;
}

async function fetchEvents(api: PodReads, { namespace, uid }: KubeObject['metadata']): Promise<KubeObject[]> {
  const fieldSelector = `involvedObject.uid=${String(uid)},type=Warning`;
  const place = namespace === undefined ? {} : { namespace };
  return (await api.list({ apiVersion: 'v1', kind: 'Event' }, { ...place, fieldSelector })).items;
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
