import { findObstacle, findObstacleOf, findNameProblem } from '../../controllers/istio-operator/find-obstacle.ts';
import { planLivePass, type LivePass } from '../../controllers/istio-operator/plan-live-pass.ts';
import { listChangedFields } from '../../core/diff/changed-fields.ts';
import type { ObjectDiff } from '../../core/diff/object-diff.ts';
import { describeWriter, findOtherWriters } from '../../core/hand-over/other-writers.ts';
import { displayName, objectKey, refOf, type JsonObject, type KubeObject } from '../../core/kube-object.ts';
import { describeInstaller, withConsent } from '../../core/plan/adoption.ts';
import { isSame } from '../../core/plan/desired.ts';
import { podTemplateOf } from '../../core/plan/pod-template.ts';
import { formatProblem } from '../../core/problem.ts';
import type { GatewayAccount } from '../../core/render/reached-settings.ts';
import { openScope, renderInput, type World } from '../manifest/diff-world.ts';
import { fetchDifferences } from '../manifest/object-differences.ts';
import type { FormerMesh } from './find-mesh.ts';
import { planLoans } from './lend-accounts.ts';
import type { Proposed } from './propose-resource.ts';

/** What becomes of one object. */
export interface PlannedObject {
  /** `Deployment istio-system/istiod`. */
  object: string;
  /**
   * `same`: only its owner changes. `changed`: fields of it. `new`: it was not there. `kept`: its installer keeps it.
   * `removed`: another takes its place. `orphan`: nothing renders it any more, and nothing removes it.
   */
  becomes: 'same' | 'changed' | 'new' | 'kept' | 'removed' | 'orphan';
  fields: string[];
  restartsPods: boolean;
  /** Whose it is; absent for what is new. */
  of?: string;
}

/** What a hand-over would do. */
export interface HandOverPlan {
  resource: KubeObject;
  source: string;
  objects: PlannedObject[];
  /** Accounts that gateways go on running under, and that have to be lent to them. */
  accounts: GatewayAccount[];
  /** What cannot be kept as it is. */
  notes: string[];
  /** Who else writes the same objects. */
  writers: string[];
  warnings: string[];
  /** Why it cannot be done. */
  problems: string[];
  /** Objects of others that become ours, as they are now. */
  former: KubeObject[];
}

/** Plans by the operator's own code, as if the resource were stored with consent. Writes nothing. @throws ApiError */
export async function planHandOver(world: World, mesh: FormerMesh, proposed: Proposed): Promise<HandOverPlan> {
  const { resource, source, notes } = proposed;
  const plan: HandOverPlan = {
    resource,
    source,
    objects: [],
    accounts: [],
    notes,
    writers: findOtherWriters(mesh.objects, mesh.sailParents).map(describeWriter),
    warnings: [...world.running.warnings, ...mesh.warnings],
    problems: [],
    former: [],
  };
  const owner = { name: resource.metadata.name, namespace: resource.metadata.namespace ?? '' };
  const document = withConsent(resource) as unknown as JsonObject;
  const misnamed = findNameProblem(owner);
  const result = renderInput({ documents: [document] }, world);
  plan.warnings.push(...result.warnings.map(formatProblem));
  if (misnamed) plan.problems.push(formatProblem(misnamed));
  if (!result.ok) plan.problems.push(...result.problems.map(formatProblem));
  if (!result.ok || misnamed) return plan;
  const scope = openScope(world, owner, [document]);
  const { accounts, reached } = await planLoans(world.api, result.value.reached);
  plan.accounts.push(...accounts);
  const obstacles = [await findObstacle(scope), await findObstacleOf(scope, { ...result.value, reached })];
  plan.problems.push(...obstacles.flatMap((obstacle) => obstacle?.message ?? []));
  const pass = await planLivePass(scope, result.value);
  await describePass(world, pass, { mesh, plan });
  return plan;
}

interface Telling {
  mesh: FormerMesh;
  plan: HandOverPlan;
}

async function describePass(world: World, pass: LivePass, { mesh, plan }: Telling): Promise<void> {
  const { differences, problems } = await fetchDifferences(world.api, pass, { ...world.running, isUnproven: true });
  const byKey = new Map(differences.map((difference) => [objectKey(difference.ref), difference]));
  const shared = new Set(pass.plan.shared.map(({ key }) => key));
  plan.problems.push(...problems, ...pass.observed.failures, ...pass.plan.blocked.map(({ cause }) => cause));
  if (pass.hold) plan.problems.push(pass.hold.message);
  const replaced = pass.plan.replaced.map(({ object }) => object);
  plan.former = [...pass.plan.adopt.map(({ live }) => live), ...replaced];
  for (const { key, ref, createOnly } of pass.desired) {
    const read = pass.observed.live.get(key);
    const live = read?.state === 'found' ? read.object : undefined;
    if (createOnly && live) continue;
    plan.objects.push(toPlanned(displayName(ref), { live, difference: byKey.get(key), isShared: shared.has(key) }));
  }
  const known = new Set([...pass.desired, ...pass.plan.replaced].map(({ key }) => key));
  const orphans = mesh.objects.filter((object) => !known.has(objectKey(refOf(object))));
  plan.objects.push(
    ...replaced.map((live) => toGone(live, 'removed')),
    ...orphans.map((live) => toGone(live, 'orphan')),
  );
}

function toGone(live: KubeObject, becomes: 'removed' | 'orphan'): PlannedObject {
  return { object: displayName(refOf(live)), becomes, fields: [], restartsPods: false, of: describeInstaller(live) };
}

interface Fate {
  live: KubeObject | undefined;
  difference: ObjectDiff | undefined;
  isShared: boolean;
}

function toPlanned(object: string, { live, difference, isShared }: Fate): PlannedObject {
  if (!live) return { object, becomes: 'new', fields: [], restartsPods: false };
  const of = describeInstaller(live);
  if (isShared) return { object, becomes: 'kept', fields: [], restartsPods: false, of };
  if (difference?.change !== 'change') return { object, becomes: 'same', fields: [], restartsPods: false, of };
  const { before, after } = difference;
  const fields = listChangedFields(before, after);
  const restartsPods = !isSame(podTemplateOf(before), podTemplateOf(after));
  return { object, becomes: fields.every(isOwnership) ? 'same' : 'changed', fields, restartsPods, of };
}

/** Labels and annotations of the object itself tell whose it is. */
function isOwnership(field: string): boolean {
  return field === 'metadata.labels' || field === 'metadata.annotations';
}
