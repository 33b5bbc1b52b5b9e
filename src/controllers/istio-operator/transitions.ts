import {
  INJECTION_CONDITION_TYPES,
  RESTRAINT_CONDITION_TYPES,
  type ConditionReason,
  type EventReason,
  type RestraintConditionType,
} from '../../api/install/conditions.ts';
import type { IstioOperatorStatus } from '../../api/install/istio-operator-status.ts';
import type { StatusCondition } from '../../api/status-condition.ts';
import type { Scope } from './dependencies.ts';

/** What a condition's new reason is worth telling as an Event. */
const TOLD: Partial<Record<ConditionReason, { type: 'Normal' | 'Warning'; reason: EventReason }>> = {
  Installed: { type: 'Normal', reason: 'Installed' },
  InvalidResource: { type: 'Warning', reason: 'Invalid' },
  InjectionBroken: { type: 'Warning', reason: 'InjectionBroken' },
  NamespaceNotAllowed: { type: 'Warning', reason: 'Refused' },
  SettingNotPermitted: { type: 'Warning', reason: 'Refused' },
  WaitingForInjector: { type: 'Warning', reason: 'WaitingForInjector' },
  WorkloadNotReady: { type: 'Warning', reason: 'WorkloadNotReady' },
  ApplyFailed: { type: 'Warning', reason: 'ApplyFailed' },
  PassFailed: { type: 'Warning', reason: 'PassFailed' },
  FieldsContested: { type: 'Warning', reason: 'FieldsContested' },
  Conflict: { type: 'Warning', reason: 'Conflict' },
  ChangeRefused: { type: 'Warning', reason: 'ChangeRefused' },
  PrecheckFailed: { type: 'Warning', reason: 'PrecheckFailed' },
  AdoptionRequired: { type: 'Warning', reason: 'AdoptionRequired' },
  Deleting: { type: 'Normal', reason: 'Deleting' },
  DeletionBlocked: { type: 'Warning', reason: 'DeletionBlocked' },
  RevisionInUse: { type: 'Warning', reason: 'RevisionInUse' },
};

/** Logs and records that the resource went from one state to another; a pass that changes nothing says nothing. */
export function tellTransition(scope: Scope, previous: IstioOperatorStatus): void {
  tellInjection(scope, previous);
  tellRestraints(scope, previous);
  const before = readyOf(previous);
  const after = readyOf(scope.status);
  if (!after || (before?.reason === after.reason && isSameTrouble(before, after))) return;
  const fields = { from: before?.reason ?? 'None', to: after.reason, status: scope.status.status };
  scope.log.info({ ...fields, ...(after.message ? { detail: after.message } : {}) }, 'state changed');
  const told = TOLD[after.reason as ConditionReason];
  if (told) record(scope, told.type, told.reason, after.message);
}

/** What is wrong with injection is told when it begins and when it becomes something else. */
function tellInjection(scope: Scope, previous: IstioOperatorStatus): void {
  for (const type of INJECTION_CONDITION_TYPES) {
    const [before, after] = [previous, scope.status].map((status) =>
      status.conditions?.find((condition) => condition.type === type),
    );
    if (after && after.message !== before?.message) record(scope, 'Warning', type, after.message);
  }
}

const RESTRAINTS_TOLD: Record<
  RestraintConditionType,
  { begins: { type: 'Normal' | 'Warning'; reason: EventReason }; ends?: { reason: EventReason; message: string } }
> = {
  Paused: {
    begins: { type: 'Normal', reason: 'Paused' },
    ends: { reason: 'Resumed', message: 'reconciling goes on' },
  },
  PlanPending: { begins: { type: 'Normal', reason: 'PlanPending' } },
  Drifted: {
    begins: { type: 'Warning', reason: 'DriftKept' },
    ends: { reason: 'DriftEnded', message: 'nothing is left that others changed' },
  },
  AnnotationUnclear: { begins: { type: 'Warning', reason: 'AnnotationUnclear' } },
};

/** What the owner asked for is told when it begins, when it becomes something else, and when it is over. */
function tellRestraints(scope: Scope, previous: IstioOperatorStatus): void {
  for (const type of RESTRAINT_CONDITION_TYPES) {
    const [before, after] = [previous, scope.status].map((status) =>
      status.conditions?.find((condition) => condition.type === type),
    );
    if (before?.message === after?.message) continue;
    scope.log.info({ condition: type, detail: after?.message ?? '' }, after ? 'restrained' : 'restrained no more');
    const { begins, ends } = RESTRAINTS_TOLD[type];
    if (after) record(scope, begins.type, begins.reason, after.message);
    else if (ends) record(scope, 'Normal', ends.reason, ends.message);
  }
}

function record(scope: Scope, type: 'Normal' | 'Warning', reason: EventReason, message: string): void {
  scope.deps.events.record(scope.resource, { type, reason, message });
}

function readyOf(status: IstioOperatorStatus): StatusCondition | undefined {
  return status.conditions?.find(({ type }) => type === 'Ready');
}

/** While installing, only the reason counts: the message follows every pod. */
function isSameTrouble(before: StatusCondition, after: StatusCondition): boolean {
  return after.status !== 'False' || before.message === after.message;
}
