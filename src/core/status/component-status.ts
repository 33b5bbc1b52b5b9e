import type { ComponentState } from '../../api/install/istio-operator-status.ts';
import { COMPONENTS, type ComponentName } from '../components.ts';
import { boundText } from './bound-text.ts';
import { isServing } from './scaling.ts';
import type { WorkloadHealth } from './workload-health.ts';

/** What a pass found out about one component. */
export interface ComponentObservation {
  component: ComponentName;
  workloads: readonly WorkloadHealth[];
  /** Objects that could not be applied, one sentence each. */
  errors: readonly string[];
  /** What could not be read, one sentence each. */
  unread?: readonly string[];
  /** Objects that another holds: somebody has to act. */
  blocked: readonly string[];
  /** Objects whose repair others undo: somebody has to act. */
  contested?: readonly string[];
  /** Workloads whose pods no injector would fill in: somebody has to act. */
  uninjected?: readonly string[];
  /** Why its phase has not begun. */
  waitingFor?: string;
  /** What is not removed because workloads do not run, in a sentence. */
  kept?: string;
  version?: string;
}

/** One entry of `status.componentStatus`. */
export interface ComponentStatus {
  status: ComponentState;
  error?: string;
  version?: string;
}

function computeComponentStatus(observed: ComponentObservation): ComponentStatus {
  const { state, text } = judge(observed);
  const error = boundText(text, 1024);
  return {
    status: state,
    ...(error ? { error } : {}),
    ...(observed.version ? { version: observed.version } : {}),
  };
}

function judge(observed: ComponentObservation): { state: ComponentState; text: string } {
  const { blocked, errors, waitingFor, workloads } = observed;
  if (blocked.length > 0) return { state: 'ACTION_REQUIRED', text: blocked.join('; ') };
  if (errors.length > 0) return { state: 'ERROR', text: errors.join('; ') };
  if (observed.contested?.length) return { state: 'ACTION_REQUIRED', text: observed.contested.join('; ') };
  if (observed.uninjected?.length) return { state: 'ACTION_REQUIRED', text: observed.uninjected.join('; ') };
  const failed = workloads.filter(({ state }) => state === 'failed');
  const kept = [observed.kept].filter((text) => text !== undefined);
  if (failed.length > 0) return { state: 'ERROR', text: [...messagesOf(failed), ...kept].join('; ') };
  const waits = [...(observed.unread ?? []), ...(waitingFor ? [waitingFor] : [])];
  if (waits.length > 0) return { state: 'RECONCILING', text: waits.join('; ') };
  const unready = workloads.filter((health) => !isServing(health));
  if (unready.length > 0) return { state: 'UPDATING', text: [...messagesOf(unready), ...kept].join('; ') };
  return judgeServing(workloads);
}

function judgeServing(workloads: readonly WorkloadHealth[]): { state: ComponentState; text: string } {
  const growing = workloads.filter(({ state }) => state === 'growing');
  return { state: growing.length > 0 ? 'RECONCILING' : 'HEALTHY', text: messagesOf(growing).join('; ') };
}

/** The status of all components, in Istio's order. */
export function computeComponentStatuses(
  observations: readonly ComponentObservation[],
): Partial<Record<ComponentName, ComponentStatus>> {
  const statuses: Partial<Record<ComponentName, ComponentStatus>> = {};
  for (const component of COMPONENTS) {
    const observed = observations.find((candidate) => candidate.component === component);
    if (observed) statuses[component] = computeComponentStatus(observed);
  }
  return statuses;
}

const WORST_FIRST: readonly ComponentState[] = ['ACTION_REQUIRED', 'ERROR', 'RECONCILING', 'UPDATING', 'HEALTHY'];

/**
 * Upstream's one word for the whole: the worst of its components'. Argo CD's built-in check takes `ACTION_REQUIRED`, which
 * it does not know, for progress: for the whole that is an error.
 */
export function computeOverallState(statuses: readonly ComponentStatus[]): ComponentState {
  const worst = WORST_FIRST.find((state) => statuses.some(({ status }) => status === state)) ?? 'NONE';
  return worst === 'ACTION_REQUIRED' ? 'ERROR' : worst;
}

function messagesOf(workloads: readonly WorkloadHealth[]): string[] {
  return workloads.map(({ message }) => message);
}
