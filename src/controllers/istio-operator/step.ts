import type { KubeObject } from '../../core/kube-object.ts';
import type { DesiredObject } from '../../core/plan/desired.ts';
import type { AdoptStep, ApplyStep } from '../../core/plan/plan-objects.ts';

/** One object to write. */
export type Step =
  | { action: 'create'; desired: DesiredObject; restored: boolean }
  | ({ action: 'apply' } & ApplyStep)
  | ({ action: 'adopt' } & AdoptStep);

/** How one write ended. */
export type StepOutcome =
  | { desired: DesiredObject; ok: true; object: KubeObject }
  | { desired: DesiredObject; ok: false; blocked: boolean; cause: string };
