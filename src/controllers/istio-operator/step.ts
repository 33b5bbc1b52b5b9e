import type { KubeObject } from '../../core/kube-object.ts';
import type { Change } from '../../core/plan/contention.ts';
import type { DesiredObject } from '../../core/plan/desired.ts';
import type { AdoptStep, ApplyStep, RecreateStep } from '../../core/plan/plan-objects.ts';

/** One object to write. */
export type Step =
  | { action: 'create'; desired: DesiredObject; object: KubeObject; restored: boolean }
  | ({ action: 'apply' } & ApplyStep)
  | ({ action: 'adopt' } & AdoptStep)
  | ({ action: 'recreate' } & RecreateStep);

/** How one write ended. */
export type StepOutcome =
  /** Without the object: the former one still ends, and the next pass creates it anew. */
  | { desired: DesiredObject; ok: true; object?: KubeObject }
  | { desired: DesiredObject; ok: false; blocked: boolean; cause: string };

/** What somebody did that the step repairs. */
export function changeOf(step: Step): Change | undefined {
  if (step.action === 'create') return step.restored ? { fields: [], managers: [] } : undefined;
  return step.action === 'apply' ? step.drift : undefined;
}
