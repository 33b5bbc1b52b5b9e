import { ABORT_ANNOTATION, APPROVE_ANNOTATION, RESUME_ANNOTATION } from '../../api/our-names.ts';
import type { KubeObject } from '../kube-object.ts';
import type { StepObservation } from '../steps/step-plan.ts';
import { findClosedUntil } from '../steps/windows.ts';
import type { StagedPlan } from './staged-plan.ts';

type Asked = Pick<StepObservation, 'now' | 'closedUntil' | 'isSuspended' | 'approved' | 'resume' | 'isAborted'>;

/** What people asked for: by the spec, and by annotations. */
export function observeAsked(
  { metadata }: KubeObject,
  { windows, isSuspended }: Pick<StagedPlan, 'windows' | 'isSuspended'>,
  now: number,
): Asked {
  const annotations = metadata.annotations ?? {};
  const resume = annotations[RESUME_ANNOTATION];
  const closedUntil = findClosedUntil(windows, now);
  return {
    now,
    ...(closedUntil === undefined ? {} : { closedUntil }),
    isSuspended,
    approved: (annotations[APPROVE_ANNOTATION] ?? '').split(',').map((name) => name.trim()),
    ...(resume === undefined ? {} : { resume }),
    isAborted: annotations[ABORT_ANNOTATION] === 'true',
  };
}
