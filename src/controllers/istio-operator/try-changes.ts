import { FIELD_MANAGER } from '../../api/our-names.ts';
import type { InventoryEntry } from '../../api/install/istio-operator-status.ts';
import { displayName, isJsonObject, type ObjectRef } from '../../core/kube-object.ts';
import type { DesiredObject } from '../../core/plan/desired.ts';
import { appliedFields } from '../../core/plan/field-ownership.ts';
import { isRestored } from '../../core/plan/inventory.ts';
import type { AdoptStep, ApplyStep, Plan } from '../../core/plan/plan-objects.ts';
import { toRefusedChange, type RefusedChange } from '../../core/plan/refused-change.ts';
import { printed } from '../../core/values/value-tree.ts';
import { ApiError, CLIENT_REASONS, judgeDryRun } from '../../kube/errors.ts';
import { mapConcurrently } from '../../runtime/map-concurrently.ts';
import { throwIfAborted, type PlanScope, type Trial } from './dependencies.ts';

const CONCURRENCY = 6;
/** How soon what was refused is tried again with the resource as it was: somebody may have changed what refuses it. */
const RETRY_MS = 50_000;

/** One write, as it would be sent. */
interface Attempt {
  id: string;
  desired: DesiredObject;
  object: DesiredObject['object'];
  force: boolean;
  exists: boolean;
  /** As whom it is tried. */
  manager: string;
  /** It is a binding whose role is written before it: the rights that it takes are judged by the role as it is now. */
  ofChangedRole: boolean;
}

/**
 * Tries by dry run what the plan is about to write, when it is more than repairs: each write once, however many passes
 * it takes to carry them out. Returns what the API server refuses.
 * @throws Error when it could not be asked of all: then nothing may be written yet
 */
export async function tryChanges(scope: PlanScope, plan: Plan): Promise<RefusedChange[]> {
  const { memory, uid, signal } = scope;
  const attempts = toAttempts(plan, scope.status.inventory ?? []);
  const version = versionOf(scope);
  const known = memory.trials.get(uid) ?? new Map<string, Trial>();
  const done = new Map<string, Trial>();
  const open: string[] = [];
  await mapConcurrently(attempts, CONCURRENCY, async (attempt) => {
    throwIfAborted(signal);
    const before = known.get(attempt.id);
    if (before && isStillTrue(scope, before, version)) {
      done.set(attempt.id, before);
      return;
    }
    const result = await tryOne(scope, attempt);
    if (typeof result === 'string') open.push(result);
    else done.set(attempt.id, { ...result, version, at: scope.deps.now() });
  });
  memory.trials.set(uid, done);
  throwIfAborted(signal);
  if (open.length > 0) throw new Error(`the change could not be tried before it is written: ${open.join('; ')}`);
  return [...done.values()].flatMap(({ refused }) => refused ?? []);
}

/** The repair of drift puts back what was accepted before; where there is nothing else, that of deletions does as well. */
function toAttempts({ create, adopt, apply }: Plan, inventory: readonly InventoryEntry[]): Attempt[] {
  const applied = apply.filter(({ drift }) => drift === undefined);
  const changes = [...adopt, ...applied];
  if (changes.length === 0 && create.every(isRestored(inventory))) return [];
  const roles = new Set(
    changes.filter(({ desired }) => isRole(desired.ref)).map(({ desired }) => roleKey(desired.ref)),
  );
  return [
    ...create.map((desired) => ({
      desired,
      object: desired.object,
      force: false,
      exists: false,
      manager: FIELD_MANAGER,
    })),
    ...adopt.map((step) => ({ ...toAttempt(step), manager: findApplier(step) ?? FIELD_MANAGER })),
    ...applied.map((step) => ({ ...toAttempt(step), manager: FIELD_MANAGER })),
  ].map((attempt) => ({
    ...attempt,
    id: `${attempt.exists} ${attempt.desired.key} ${attempt.desired.hash}`,
    ofChangedRole: roles.has(roleKeyOf(attempt.desired) ?? ''),
  }));
}

function toAttempt({ desired, object, force }: ApplyStep): Pick<Attempt, 'desired' | 'object' | 'force' | 'exists'> {
  return { desired, object, force, exists: true };
}

/**
 * The former installer, if it alone applies the object; others may have changed fields of it. A dry run cannot take its
 * fields over first; as its own, the apply removes what it had set and we do not, as it will be.
 */
function findApplier({ live, formerly, force }: AdoptStep): string | undefined {
  const [manager, ...others] = formerly.filter((name) => appliedFields(live, name));
  return force && others.length === 0 ? manager : undefined;
}

function isRole({ kind }: ObjectRef): boolean {
  return kind === 'Role' || kind === 'ClusterRole';
}

/** `ClusterRole//istiod`, `Role/istio-system/istiod`. */
function roleKey({ kind, namespace, name }: Pick<ObjectRef, 'kind' | 'namespace' | 'name'>): string {
  return `${kind}/${kind === 'Role' ? (namespace ?? '') : ''}/${name}`;
}

/** The role that a binding names; undefined for everything else. */
function roleKeyOf({ ref: { namespace = '' }, object: { roleRef } }: DesiredObject): string | undefined {
  if (!isJsonObject(roleRef)) return undefined;
  return roleKey({ kind: printed(roleRef['kind']), namespace, name: printed(roleRef['name']) });
}

function isStillTrue({ deps }: PlanScope, { refused, at, version }: Trial, now: string): boolean {
  return refused === undefined || (version === now && deps.now() - at < RETRY_MS);
}

/** What its author can change to have what was refused tried again at once. */
function versionOf({ generation, resource }: PlanScope): string {
  return JSON.stringify([generation, resource.metadata.annotations]);
}

/** Text when the API server did not say. */
async function tryOne(scope: PlanScope, attempt: Attempt): Promise<Pick<Trial, 'refused'> | string> {
  const { object, force, exists, desired, manager } = attempt;
  try {
    await scope.deps.api.apply(object, { fieldManager: manager, force, dryRun: true });
    return {};
  } catch (error) {
    if (!(error instanceof ApiError) || error.reason === CLIENT_REASONS.aborted) throw error;
    const verdict = judgeDryRun(error);
    if (verdict === 'open') return `${displayName(desired.ref)}: ${error.message}`;
    if (verdict === 'exempt' || (attempt.ofChangedRole && error.status === 403)) return {};
    return { refused: toRefusedChange(desired.ref, { exists, faults: error.causes, message: error.message }) };
  }
}
