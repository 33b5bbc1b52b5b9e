import type { KubeObject } from '../kube-object.ts';
import type { DesiredObject } from './desired.ts';
import type { Owner } from './owner-labels.ts';

/** What a read of one object gave. */
export type LiveRead =
  { state: 'found'; object: KubeObject } | { state: 'absent' } | { state: 'failed'; cause: string };

/** Another IstioOperator in the cluster. */
export interface OtherOwner {
  owner: Owner;
  /** Made before ours; the older one keeps what both render. */
  older: boolean;
  /** Keys of what it renders; none once it is being deleted. */
  claims: ReadonlySet<string>;
  /** It cannot be rendered now: its claims are what it had, and may not be all that it needs. */
  isUnclear: boolean;
}

/** Paths that an apply of this digest did not get hold of: the server or a webhook changes them every time. */
export interface KnownGap {
  hash: string;
  paths: ReadonlySet<string>;
}

export interface PlanInput {
  desired: readonly DesiredObject[];
  /** By key; what is not in it was not read. */
  live: ReadonlyMap<string, LiveRead>;
  /** Live objects whose labels name the owner, and what the inventory names, by key. */
  owned: ReadonlyMap<string, KubeObject>;
  owner: Owner;
  others: readonly OtherOwner[];
  gaps: ReadonlyMap<string, KnownGap>;
  /** What other installers of Istio made may be taken over. */
  isAdoptionApproved: boolean;
}
