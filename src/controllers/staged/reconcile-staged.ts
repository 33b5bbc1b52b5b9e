import type { StagedStatus } from '../../api/staged/staged-status.ts';
import type { KubeObject } from '../../core/kube-object.ts';
import { formatProblem, type Problem } from '../../core/problem.ts';
import { computeInvalidStatus, progressOf, type Moment } from '../../core/staged/staged-status.ts';
import { beginSteps, decideStep, isEnded, type StepDecision } from '../../core/steps/decide-step.ts';
import type { StepObservation, StepPlan, StepProgress } from '../../core/steps/step-plan.ts';
import type { EventRecorder } from '../../kube/events.ts';
import type { InstallationPolicy } from '../../kube/installation-policy.ts';
import type { KubeApi } from '../../kube/kube-api.ts';
import type { Prometheus } from '../../prometheus/prometheus.ts';
import type { PassEnd } from '../../runtime/leader-queue.ts';
import { requeueAfter } from './requeue.ts';
import { tellTransition, type PhaseNotes } from './tell-transition.ts';
import { writeStatus } from './write-status.ts';

/** What every change by steps needs to know and to act. */
export interface StagedDependencies {
  api: Pick<KubeApi, 'replace'>;
  policy: Pick<InstallationPolicy, 'judgeNamespace'>;
  /** Undefined where the operator was told of none. */
  prometheus: Prometheus | undefined;
  events: Pick<EventRecorder, 'record'>;
  now: () => number;
}

/** What a spec may ask for, by where it is. */
export interface SpecRights {
  namespace: string;
  /** It is in a namespace for control planes. */
  mayReachOut: boolean;
  /** What the operator may read with a token of its own, whoever may write there may not. */
  mayQuery: boolean;
}

/** Where a resource stands at a look. */
export interface Standing<S> {
  /** As stored. */
  status: S;
  progress: StepProgress;
  moment: Moment;
}

/** What was seen, in the words of the engine, and what follows from a decision about it. */
export interface SeenChange<S> {
  steps: StepPlan;
  observed: StepObservation;
  intend: (decision: StepDecision) => { next: S; carryOut: () => Promise<void> };
}

/** What a kind has of its own. */
export interface StagedWork<S extends StagedStatus, P> {
  fieldManager: string;
  notes: PhaseNotes;
  /** What Events say that is done. */
  action: string;
  read: (spec: unknown, rights: SpecRights) => { ok: true; plan: P } | { ok: false; problems: Problem[] };
  look: (plan: P, standing: Standing<S>) => Promise<SeenChange<S>>;
}

/** One look at a resource: what is remembered is stored before anything is done. Rejects with ApiError. */
export async function reconcileStaged<S extends StagedStatus, P>(
  deps: StagedDependencies,
  resource: KubeObject,
  { fieldManager, notes, action, read, look }: StagedWork<S, P>,
): Promise<PassEnd> {
  const now = deps.now();
  const moment = { generation: Number(resource.metadata['generation'] ?? 0), now };
  const status = (resource['status'] ?? {}) as S;
  const store = async (next: S): Promise<void> => {
    await writeStatus(deps.api, resource, { status: next, fieldManager });
    tellTransition(deps.events, resource, { notes, before: status, after: next, action });
  };
  const progress = progressOf(status) ?? beginSteps(now);
  if (isEnded(progress)) {
    await store({ ...status, observedGeneration: moment.generation });
    return {};
  }
  const found = read(resource['spec'], await rightsOf(deps, resource));
  if (!found.ok) {
    await store(computeInvalidStatus(found.problems.map(formatProblem).join('; '), status, moment));
    return {};
  }
  const { steps, observed, intend } = await look(found.plan, { status, progress, moment });
  const decision = decideStep(steps, progress, observed);
  const { next, carryOut } = intend(decision);
  await store(next);
  await carryOut();
  return requeueAfter(decision, { now, lookMs: deps.now() - now });
}

async function rightsOf(
  { prometheus, policy }: Pick<StagedDependencies, 'prometheus' | 'policy'>,
  { metadata: { namespace = '' } }: KubeObject,
): Promise<SpecRights> {
  const mayReachOut = (await policy.judgeNamespace(namespace)) === undefined;
  return { namespace, mayReachOut, mayQuery: mayReachOut || !prometheus?.hasCredentials };
}
