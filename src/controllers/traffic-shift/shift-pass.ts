import type { KubeObject } from '../../core/kube-object.ts';
import type { KubeApi } from '../../kube/kube-api.ts';
import type { StagedDependencies } from '../staged/reconcile-staged.ts';

/** What a shift needs to know and to act. */
export interface ShiftDependencies extends StagedDependencies {
  api: Pick<KubeApi, 'get' | 'list' | 'patch' | 'replace'>;
}

/** A shift at one look. */
export interface ShiftPass {
  deps: ShiftDependencies;
  shift: KubeObject;
}
