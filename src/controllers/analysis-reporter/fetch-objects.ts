import { KIND, kindRefOf, type Kind } from '../../core/analyze/kinds.ts';
import type { KubeObject } from '../../core/kube-object.ts';
import type { Pausable } from '../../core/pausable.ts';
import { slimForAnalysis } from '../../core/analyze/report/slim-object.ts';
import { isForbidden, isKindNotServed, type ApiError } from '../../kube/errors.ts';
import type { MemoryBudget } from '../../kube/memory-budget.ts';
import type { KindRef, KubeApi, ListOptions } from '../../kube/kube-api.ts';
import { mapConcurrently } from '../../runtime/map-concurrently.ts';
import { runInSlices } from '../../runtime/slices.ts';

const CONCURRENCY = 6;

/** These are read from ConfigMaps. */
const WITHOUT_RESOURCE: readonly Kind[] = [KIND.meshConfig, KIND.meshNetworks];

/** Tokens and Helm's releases are large, many, and no certificate of a gateway. */
const SECRETS: ListOptions = { fieldSelector: 'type!=helm.sh/release.v1,type!=kubernetes.io/service-account-token' };

/** What is left out of the reading. */
export interface ReadLimits {
  /** Kinds that are not wanted. */
  without: ReadonlySet<Kind>;
  /** Objects for which there is no room. */
  budget: MemoryBudget;
}

/** A part of what analysis looks at. */
export interface AnalyzedPart {
  kinds?: readonly Kind[];
  /** What to keep of each object; no less than `slimForAnalysis` does, where analyzers are to look at it. */
  reduce?: (object: KubeObject) => KubeObject | undefined;
  /** Hears of a kind that cannot be read, which then counts as empty; without it, that is an error. */
  onUnread?: (ref: KindRef, error: ApiError) => void;
}

/**
 * Everything in the cluster that analysis looks at, reduced to that, or a part of it. Kinds that are not served count as
 * empty.
 * @throws ApiError
 */
export async function fetchAnalyzedObjects(
  api: Pick<KubeApi, 'list'>,
  { kinds = Object.values(KIND), reduce = slimForAnalysis, onUnread }: AnalyzedPart = {},
): Promise<KubeObject[]> {
  const lists = await readKinds(kinds, async (ref, selection) => {
    try {
      const { items } = await api.list(ref, { ...selection, reduce: (object) => reduce({ ...object, ...ref }) });
      return items.map((item) => ({ ...item, ...ref }));
    } catch (error) {
      if (!onUnread || !isForbidden(error)) throw error;
      onUnread(ref, error);
      return [];
    }
  });
  return lists.flat();
}

const LINE_END = '\n'.charCodeAt(0);

/**
 * The same as JSON, one object a line and one text for each kind: for another thread, to which it is given away. No
 * more than one object at a time is turned into text.
 */
export async function fetchAnalyzedTexts(
  api: Pick<KubeApi, 'list'>,
  { without, budget }: ReadLimits,
): Promise<Uint8Array<ArrayBuffer>[]> {
  const wanted = Object.values(KIND).filter((kind) => !without.has(kind));
  return readKinds(wanted, async (ref, selection) => {
    const reduce = (object: KubeObject): KubeObject | undefined => {
      const kept = { ...slimForAnalysis(object), ...ref };
      if (!budget.admitObject(kept)) return undefined;
      const { name, namespace } = kept.metadata;
      const metadata = { name, ...(namespace ? { namespace } : {}) };
      return { ...ref, metadata, line: Buffer.from(JSON.stringify(kept), 'utf8') };
    };
    const { items } = await api.list(ref, { ...selection, reduce });
    return runInSlices(joinLines(items.map(({ line }) => line as Buffer)));
  });
}

function* joinLines(lines: readonly Buffer[]): Pausable<Uint8Array<ArrayBuffer>> {
  const text = new Uint8Array(lines.reduce((sum, { length }) => sum + length + 1, 0));
  let at = 0;
  for (const line of lines) {
    yield;
    text.set(line, at);
    at += line.length;
    text[at] = LINE_END;
    at += 1;
  }
  return text;
}

/** The objects of texts that {@link fetchAnalyzedTexts} made. */
export function parseAnalyzedTexts(texts: readonly Uint8Array[]): KubeObject[] {
  return texts.flatMap((text) =>
    Buffer.from(text.buffer, text.byteOffset, text.byteLength)
      .toString('utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as KubeObject),
  );
}

async function readKinds<T>(
  kinds: readonly Kind[],
  read: (ref: KindRef, selection: ListOptions) => Promise<T>,
): Promise<T[]> {
  const wanted = kinds.filter((kind) => !WITHOUT_RESOURCE.includes(kind));
  const lists = await mapConcurrently(wanted, CONCURRENCY, async (kind) => {
    try {
      return [await read(kindRefOf(kind), kind === KIND.secret ? SECRETS : {})];
    } catch (error) {
      if (isKindNotServed(error)) return [];
      throw error;
    }
  });
  return lists.flat();
}
