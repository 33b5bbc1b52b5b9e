import type { AdmissionRequest, AdmissionResponse } from '../admission-review.ts';
import type {
  AdmissionContext,
  AdmissionHandler,
  AdmissionRoute,
  JudgeCaller,
  ReviewAnswer,
} from '../server/admission-handler.ts';
import {
  findSettled,
  readChange,
  withStudy,
  type IstioOperatorChange,
  type IstioOperatorCheck,
  type StudyChange,
} from './istio-operator-change.ts';
import type { OperatorReview, ReviewedChange } from './operator-review.ts';

/** What `/validate-istiooperator` judges with. */
export interface IstioOperatorRules {
  study: StudyChange;
  /** In the order in which they run. */
  checks: readonly IstioOperatorCheck[];
}

/** Reviews in another thread what is not read yet. */
export type ReviewApart = (body: Buffer, caller: JudgeCaller) => Promise<OperatorReview>;

/** Larger bodies are not even read in the thread that injects: brackets alone take it a second. */
const MAX_BODY_HERE = 64 * 1024;

/** `/validate-istiooperator`: refuses a write to an IstioOperator that one of the checks is against. */
export function createIstioOperatorRoute(rules: IstioOperatorRules, review: ReviewApart): AdmissionRoute {
  const judgeLarge = async (body: Buffer, context: AdmissionContext): Promise<ReviewAnswer> => {
    const { version, uid, response, change } = await review(body, context);
    if (!change) return { version, uid, response: response ?? { allowed: false, verdict: 'ObjectMissing' } };
    return { version, uid, response: await judge(takeUp(change), rules.checks, context) };
  };
  return {
    path: '/validate-istiooperator',
    isPatient: true,
    handle: createIstioOperatorHandler(rules),
    large: { aboveBytes: MAX_BODY_HERE, judge: judgeLarge },
  };
}

/** A change that another thread read, with what it found out. */
function takeUp({ request, isUnaffecting, study }: ReviewedChange): IstioOperatorChange {
  const facts = readChange(request);
  if (!facts) throw new Error('the resource was lost between two threads');
  const recall = (): NonNullable<typeof study> => {
    if (!study) throw new Error('nobody was to ask for a study');
    return study;
  };
  return withStudy({ ...facts, isUnaffecting }, recall);
}

/** Answers for one IstioOperator; what is no write to the resource itself passes. */
export function createIstioOperatorHandler({ study, checks }: IstioOperatorRules): AdmissionHandler {
  return (request: AdmissionRequest, context: AdmissionContext) => {
    const facts = readChange(request);
    const settled = findSettled(request, facts);
    if (settled || !facts) return settled ?? { allowed: true };
    return judge(withStudy(facts, study), checks, context);
  };
}

async function judge(
  change: IstioOperatorChange,
  checks: readonly IstioOperatorCheck[],
  context: AdmissionContext,
): Promise<AdmissionResponse> {
  const warnings: string[] = [];
  for (const check of checks) {
    const answer = await check(change, context);
    warnings.push(...(answer.warnings ?? []));
    if (answer.denial) return { allowed: false, ...answer.denial, warnings };
  }
  return { allowed: true, verdict: change.isUnaffecting ? 'SpecUnchanged' : 'Valid', warnings };
}
