import { errorText } from '../../core/error-text.ts';
import { FIELD_MANAGER, HAND_OVER_MANAGER } from '../../api/our-names.ts';
import { listSome } from '../../core/list-some.ts';
import { displayName, refOf, type KubeObject } from '../../core/kube-object.ts';
import { computeTakeover, computeUnkept } from '../../core/plan/adoption.ts';
import { cedeFields } from '../../core/plan/ceded-fields.ts';
import type { DesiredObject } from '../../core/plan/desired.ts';
import { displayPath, managedFieldsOf, type ManagedFieldsEntry } from '../../core/plan/field-ownership.ts';
import { withFormerTarget } from '../../core/plan/former-target.ts';
import { hideFromIstiod, hidingSteps } from '../../core/plan/hidden-webhooks.ts';
import { planWebhookTakeover } from '../../core/plan/webhook-takeover.ts';
import { computeGap, type AdoptStep, type WebhookHandOver } from '../../core/plan/plan-objects.ts';
import { ApiError } from '../../kube/errors.ts';
import type { Scope } from './dependencies.ts';
import { recreateObject } from './recreate-object.ts';
import type { Step, StepOutcome } from './step.ts';

/** Writes one object and tells what was special about it. Never rejects. */
export async function applyStep(scope: Scope, step: Step): Promise<StepOutcome> {
  const { desired } = step;
  try {
    const object = await write(scope, step);
    if (object) rememberGap(scope, step, object);
    tell(scope, step);
    return { desired, ok: true, ...(object ? { object } : {}) };
  } catch (error) {
    return describeFailure(desired, error);
  }
}

async function write(scope: Scope, step: Step): Promise<KubeObject | undefined> {
  const { api } = scope.deps;
  if (step.action === 'recreate') return recreateObject(scope, step);
  if (step.action === 'create') return api.apply(step.object, { fieldManager: FIELD_MANAGER });
  if (step.action === 'adopt' && step.handOver) return takeWebhooks(scope, step, step.handOver);
  if (step.action === 'adopt' && step.force) await writeOwners(scope, step.live, computeTakeover(step.live, step.kept));
  if (step.action === 'apply' && step.unkept) await writeOwners(scope, step.unkept, computeUnkept(step.unkept));
  return api.apply(step.object, { fieldManager: FIELD_MANAGER, force: step.force });
}

/** Gives webhooks to this operator by one write without a gap. */
async function takeWebhooks(
  scope: Scope,
  { live, desired }: AdoptStep,
  { isReached, isHidden }: WebhookHandOver,
): Promise<KubeObject> {
  const { api, webhooks } = scope.deps;
  // Read now: since the pass began the certificate may have changed.
  const bundle = webhooks?.bundle;
  const taken = bundle === undefined ? undefined : planWebhookTakeover(live, desired.object, { bundle, isReached });
  const { owners = [], bundles = [], lenient = [] } = taken ?? {};
  const patch = [
    { op: 'test', path: '/metadata/resourceVersion', value: live.metadata['resourceVersion'] },
    {
      op: 'replace',
      path: '/metadata/managedFields',
      value: [...(computeTakeover(live) ?? managedFieldsOf(live)), ...owners],
    },
    ...(isHidden ? hidingSteps(live) : []),
    ...[...bundles].map(([index, value]) => ({ op: 'add', path: `/webhooks/${index}/clientConfig/caBundle`, value })),
    ...lenient.map((index) => ({ op: 'replace', path: `/webhooks/${index}/failurePolicy`, value: 'Ignore' })),
  ];
  const prepared = await api.patch(refOf(live), patch, { type: 'json', fieldManager: HAND_OVER_MANAGER });
  const object = withFormerTarget(cedeFields(desired.object, prepared, new Map()), live, true);
  return api.apply(isHidden ? hideFromIstiod(object) : object, { fieldManager: FIELD_MANAGER, force: true });
}

/** Makes fields of others ours, so that the apply which follows also removes what we do not set. */
async function writeOwners(
  scope: Scope,
  live: KubeObject,
  managedFields: ManagedFieldsEntry[] | undefined,
): Promise<void> {
  if (!managedFields) return;
  const patch = [
    { op: 'test', path: '/metadata/resourceVersion', value: live.metadata['resourceVersion'] },
    { op: 'replace', path: '/metadata/managedFields', value: managedFields },
  ];
  await scope.deps.api.patch(refOf(live), patch, { type: 'json', fieldManager: FIELD_MANAGER });
}

/** What this very apply did not get hold of, the next one will not either: trying again would never end. */
function rememberGap(scope: Scope, step: Step, live: KubeObject): void {
  const { desired } = step;
  const gap = computeGap(desired, step.action === 'recreate' ? desired.object : step.object, live);
  const gaps = scope.memory.gaps.get(scope.uid) ?? new Map<string, { hash: string; paths: Set<string> }>();
  scope.memory.gaps.set(scope.uid, gaps);
  if (gap.length === 0) gaps.delete(desired.key);
  else gaps.set(desired.key, { hash: desired.hash, paths: new Set(gap.map(displayPath)) });
}

function tell(scope: Scope, step: Step): void {
  const { events } = scope.deps;
  const object = displayName(step.desired.ref);
  if (step.action === 'create') {
    scope.log.info({ object }, step.restored ? 'brought back a deleted object' : 'created');
    if (!step.restored) return;
    events.record(scope.resource, { type: 'Warning', reason: 'DriftRepaired', message: `${object} was deleted` });
    return;
  }
  if (step.action === 'recreate') {
    scope.log.info({ object, cause: step.cause }, 'made anew');
    events.record(scope.resource, { type: 'Normal', reason: 'Recreated', message: `${object}: ${step.cause}` });
    return;
  }
  if (step.action === 'adopt') {
    const formerly = step.formerly.join(', ') || 'another manager';
    scope.log.info({ object, formerly }, 'adopted');
    events.record(scope.resource, { type: 'Normal', reason: 'Adopted', message: `${object}, formerly of ${formerly}` });
    return;
  }
  if (!step.drift) {
    scope.log.info({ object }, 'applied');
    return;
  }
  const { fields, managers } = step.drift;
  const by = managers.join(', ') || 'somebody';
  scope.log.info({ object, fields: fields.slice(0, 20), managers }, 'repaired drift');
  const message = `${object}: ${by} changed ${listSome(fields)}; put back`;
  events.record(scope.resource, { type: 'Warning', reason: 'DriftRepaired', message });
}

function describeFailure(desired: DesiredObject, error: unknown): StepOutcome {
  const object = displayName(desired.ref);
  if (!(error instanceof ApiError) || error.conflicts.length === 0) {
    return { desired, ok: false, blocked: false, cause: `${object}: ${errorText(error)}` };
  }
  const holders = error.conflicts.slice(0, 5).map(({ manager, field }) => `${field} is held by "${manager}"`);
  const cause = `${object} exists and was not made by an Istio installer: ${holders.join(', ')}; remove or rename it`;
  return { desired, ok: false, blocked: true, cause };
}
