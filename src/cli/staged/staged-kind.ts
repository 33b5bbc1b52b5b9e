import type { StagedStatus } from '../../api/staged/staged-status.ts';
import type { KubeObject } from '../../core/kube-object.ts';
import type { StagedRow } from '../../core/report/mesh-report.ts';
import type { KindRef } from '../../kube/kube-api.ts';

/** A kind whose changes go step by step, and are told and spoken to by commands. */
export interface StagedKind<R extends StagedRow = StagedRow> extends KindRef {
  describe: (resource: KubeObject) => R;
  /** Names of the steps of a resource, by which they are approved. */
  stepsOf: (resource: KubeObject) => string[];
  /** What comes of an end that a person asks for after the first step. */
  afterAbort: (resource: KubeObject) => string;
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
