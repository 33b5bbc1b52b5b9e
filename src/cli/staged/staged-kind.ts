import type { StagedStatus } from '../../api/staged/staged-status.ts';
import type { KubeObject } from '../../core/kube-object.ts';
import { isKindNotServed } from '../../kube/errors.ts';
import type { KindRef, KubeApi } from '../../kube/kube-api.ts';

/** A kind whose changes go step by step, and are told and spoken to by commands. */
export interface StagedKind extends KindRef {
  /** Names of the steps of a resource, by which they are approved. */
  stepsOf: (resource: KubeObject) => string[];
  /** What comes of an end that a person asks for after the first step. */
  afterAbort: string;
}

/** The resources of a kind in a namespace, or all; none where the cluster does not know the kind. */
export async function fetchStaged(
  api: Pick<KubeApi, 'list'>,
  { apiVersion, kind }: KindRef,
  namespace?: string,
): Promise<KubeObject[]> {
  try {
    return (await api.list({ apiVersion, kind }, namespace === undefined ? {} : { namespace })).items;
  } catch (error) {
    if (isKindNotServed(error)) return [];
    throw error;
  }
}

export function statusOf({ status }: KubeObject): StagedStatus {
  return status ?? {};
}

/** `shop/reviews` */
export function nameOf({ metadata: { namespace = '', name } }: KubeObject): string {
  return `${namespace}/${name}`;
}

export function isSuspended({ spec }: KubeObject): boolean {
  return ((spec ?? {}) as { suspend?: boolean }).suspend === true;
}

/** The reason that all its conditions have. */
export function reasonOf(resource: KubeObject): string {
  return statusOf(resource).conditions?.find(({ type }) => type === 'Ready')?.reason ?? '';
}
