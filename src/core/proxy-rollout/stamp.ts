import { RENEWED_ANNOTATION, ROLLOUT_ANNOTATION } from '../../api/our-names.ts';
import type { KubeObject } from '../kube-object.ts';

/** Which way a rollout went with a workload. */
export type Way = 'forward' | 'back';

/** Who renewed a workload last. */
export interface Stamp {
  /** UID of the ProxyRollout. */
  rollout: string;
  way: Way;
  /** Milliseconds since the epoch. */
  at: number;
}

export function stampText({ rollout, way, at }: Stamp): string {
  return `${rollout}/${way}/${new Date(at).toISOString()}`;
}

/** The stamp of a workload; undefined where there is none that can be read. */
export function stampOf({ metadata }: KubeObject): Stamp | undefined {
  const [rollout, way, time] = (metadata.annotations?.[RENEWED_ANNOTATION] ?? '').split('/');
  const at = Date.parse(time ?? '');
  if (!rollout || (way !== 'forward' && way !== 'back') || Number.isNaN(at)) return undefined;
  return { rollout, way, at };
}

const EXCLUSION = /^exclude(?: until (\d{4}-\d{2}-\d{2}))?(?:: *(.*))?$/s;

/** Why a workload is to be left out at `now`; undefined where it is not. A text that cannot be read leaves it out, too. */
export function findExclusion({ metadata }: KubeObject, now: number): string | undefined {
  const text = metadata.annotations?.[ROLLOUT_ANNOTATION];
  if (text === undefined) return undefined;
  const [isRead, until, reason] = EXCLUSION.exec(text.trim()) ?? [];
  const end = until === undefined ? Infinity : Date.parse(until);
  if (isRead === undefined || Number.isNaN(end)) {
    return `annotation ${ROLLOUT_ANNOTATION} cannot be read: write exclude, or exclude until 2027-01-31: reason`;
  }
  if (now >= end) return undefined;
  const why = reason ? `: ${reason}` : '';
  return `excluded by its annotation${until === undefined ? '' : ` until ${until}`}${why}`;
}
