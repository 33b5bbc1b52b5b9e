import { ABORT_ANNOTATION, APPROVE_ANNOTATION, RESUME_ANNOTATION } from '../../api/our-names.ts';
import type { KubeObject } from '../kube-object.ts';
import type { StepObservation } from '../steps/step-plan.ts';

/** What a person said, by annotations. */
export function saidOf({ metadata }: KubeObject): Pick<StepObservation, 'approved' | 'resume' | 'isAborted'> {
  const annotations = metadata.annotations ?? {};
  const resume = annotations[RESUME_ANNOTATION];
  return {
    approved: (annotations[APPROVE_ANNOTATION] ?? '').split(',').map((name) => name.trim()),
    ...(resume === undefined ? {} : { resume }),
    isAborted: annotations[ABORT_ANNOTATION] === 'true',
  };
}
