import type { ProxyRolloutStatus } from '../../api/rollout/proxy-rollout.ts';
import type { KubeObject } from '../../core/kube-object.ts';
import type { RolloutDependencies } from './dependencies.ts';
import type { RefusedWork } from './refused-work.ts';
import type { ReviewMemo } from './review-memo.ts';

/** A rollout at one look. */
export interface RolloutPass {
  deps: RolloutDependencies;
  rollout: KubeObject;
  /** As stored. */
  status: ProxyRolloutStatus;
  refused: RefusedWork;
  reviews: ReviewMemo;
}
