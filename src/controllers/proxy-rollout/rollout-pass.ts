import type { KubeObject } from '../../core/kube-object.ts';
import type { RolloutDependencies } from './dependencies.ts';
import { RefusedWork } from './refused-work.ts';
import { ReviewMemo } from './review-memo.ts';

/** What is known of a rollout beside what is stored: nothing that decides. */
export class RolloutMemory {
  readonly refused = new RefusedWork();
  readonly reviews = new ReviewMemo();
}

/** A rollout at one look. */
export interface RolloutPass extends Pick<RolloutMemory, 'refused' | 'reviews'> {
  deps: RolloutDependencies;
  rollout: KubeObject;
}
