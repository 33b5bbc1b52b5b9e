import { PROXY_ROLLOUT, type ProxyRolloutStatus } from '../../api/rollout/proxy-rollout.ts';
import { StagedController, type StagedControllerOptions } from '../staged/staged-controller.ts';
import type { RolloutDependencies } from './dependencies.ts';
import { reconcileRollout } from './reconcile.ts';
import { RolloutMemory } from './rollout-pass.ts';

export type ProxyRolloutControllerOptions = RolloutDependencies &
  Pick<StagedControllerOptions, 'informers' | 'log' | 'metrics'>;

/** Carries out ProxyRollouts, while this replica leads. */
export class ProxyRolloutController extends StagedController<ProxyRolloutStatus> {
  constructor(options: ProxyRolloutControllerOptions) {
    const { apiVersion, kind } = PROXY_ROLLOUT;
    const known = new Map<string, RolloutMemory>();
    super({
      ...options,
      name: 'proxy-rollouts',
      kind: { apiVersion, kind },
      known,
      look: (rollout, key) => {
        const { refused, reviews } = known.get(key) ?? new RolloutMemory();
        known.set(key, { refused, reviews });
        return reconcileRollout({ deps: options, rollout, refused, reviews });
      },
    });
  }
}
