import { errorText } from '../../core/error-text.ts';
import { shorten } from '../../api/field-path.ts';
import { fetchAwaitedInjectors } from '../../controllers/istio-operator/await-injectors.ts';
import type { PlanScope } from '../../controllers/istio-operator/dependencies.ts';
import { findNameProblem, findObstacle, findObstacleOf } from '../../controllers/istio-operator/find-obstacle.ts';
import { observeRestraints } from '../../controllers/istio-operator/observe-restraints.ts';
import { planLivePass, type LivePass } from '../../controllers/istio-operator/plan-live-pass.ts';
import { fetchUsersOf } from '../../controllers/istio-operator/revision-users.ts';
import type { ObjectDiff } from '../../core/diff/object-diff.ts';
import { computeOwnedViews } from '../../core/diff/owned-fields.ts';
import { displayName, objectKey, refOf, type JsonObject, type KubeObject } from '../../core/kube-object.ts';
import { findForeignFields } from '../../core/plan/foreign-fields.ts';
import { ownerKey, type Owner } from '../../core/plan/owner-labels.ts';
import { withoutUsed } from '../../core/plan/plan-pass.ts';
import type { PruneEntry } from '../../core/plan/plan-prune.ts';
import { formatProblem } from '../../core/problem.ts';
import { INJECTOR_KIND } from '../../core/webhook-configuration.ts';
import { VERSION } from '../../version.ts';
import { createKubeClient, loadKubeConfig } from '../../kube/client.ts';
import type { ImageDefaults } from '../../operator/image-defaults.ts';
import type { ClusterFlags } from '../shell/connect-cluster.ts';
import type { Comparison } from './comparison.ts';
import { openScope, openWorld, renderInput, type DiffInput, type World } from './diff-world.ts';
import { fetchDifferences } from './object-differences.ts';
import type { FileNotes } from './pick-istio-operator.ts';
import { readOperator } from './read-manifest.ts';

/** Characters of a foreign field's value. */
const MAX_VALUE = 100;

/** What to compare with the cluster. */
export interface LiveInput {
  files: readonly string[];
  setFlags: readonly string[];
  profile: string | undefined;
  /** Of images, where no operator in the cluster has others. */
  defaults: ImageDefaults;
  cluster: ClusterFlags;
  /** Also name the fields that others set. */
  showForeign: boolean;
  /** The release to render, in place of the one that the files name or that is installed. */
  istioVersion?: string;
}

/** Compares what the operator would do for the files with what is in the cluster. Writes nothing. */
export async function compareWithCluster(input: LiveInput): Promise<Comparison> {
  const notes: FileNotes = { warnings: [], problems: [] };
  const documents = input.files.flatMap((file) => readOperator(file, notes));
  if (notes.problems.length > 0) return failed(notes.problems);
  const kubeConfig = loadKubeConfig(input.cluster.kubeconfig, input.cluster.context);
  const context = kubeConfig.getContextObject(kubeConfig.getCurrentContext());
  const owner = findOwner(documents, context?.namespace ?? 'default');
  if (!owner) return failed(['metadata.name: is missing, and by it the operator knows its objects: name the resource']);
  const api = createKubeClient({ version: VERSION, kubeConfig });
  try {
    const { setFlags, profile, defaults, istioVersion } = input;
    const world = await openWorld(api, owner, defaults);
    const { live, ...comparison } = await compare(world, owner, {
      documents,
      setFlags,
      ...(profile === undefined ? {} : { profile }),
      ...(istioVersion === undefined ? {} : { istioVersion }),
    });
    const told = { ...comparison, warnings: [...notes.warnings, ...comparison.warnings] };
    return input.showForeign ? { ...told, foreign: live.flatMap(foreignLines) } : told;
  } catch (error) {
    return failed([errorText(error)]);
  } finally {
    api.close();
  }
}

function failed(problems: string[], warnings: string[] = []): Comparison {
  return { differences: [], same: 0, warnings, problems };
}

/** The last file decides, as it does over the rest. */
function findOwner(documents: readonly JsonObject[], defaultNamespace: string): Owner | undefined {
  const metadata = Object.assign({}, ...documents.map((document) => document['metadata'])) as JsonObject;
  const { name, namespace } = metadata;
  if (typeof name !== 'string' || name === '') return undefined;
  return { name, namespace: typeof namespace === 'string' && namespace !== '' ? namespace : defaultNamespace };
}

/** `Deployment istio-system/istiod .spec.paused: true (kubectl-edit)`. */
function foreignLines(object: KubeObject): string[] {
  return findForeignFields(object).map(({ path, value, managers }) => {
    const shown = value === undefined ? '' : `: ${shorten(JSON.stringify(value), MAX_VALUE)}`;
    return `${displayName(refOf(object))} ${path}${shown} (${managers.join(', ')})`;
  });
}

/** A comparison with the live objects that it looked at. */
type LiveComparison = Comparison & { live: readonly KubeObject[] };

async function compare(world: World, owner: Owner, input: DiffInput): Promise<LiveComparison> {
  const result = renderInput(input, world);
  const warnings = [...world.running.warnings, ...result.warnings.map(formatProblem)];
  const misnamed = findNameProblem(owner);
  if (misnamed) return { ...failed([formatProblem(misnamed)], warnings), live: [] };
  if (!result.ok) return { ...failed(result.problems.map(formatProblem), warnings), live: [] };
  const scope = openScope(world, owner, input.documents);
  const obstacles = [await findObstacle(scope), await findObstacleOf(scope, result.value)];
  if (world.stored?.metadata['deletionTimestamp']) {
    warnings.push(`IstioOperator ${ownerKey(owner)} is being deleted, and with it what it installed`);
  }
  warnings.push(...obstacles.flatMap((obstacle) => obstacle?.message ?? []));
  const pass = await planLivePass(scope, result.value);
  const told = await describePass(world, scope, pass);
  const objects = [...pass.observed.live.values()].flatMap((read) => (read.state === 'found' ? [read.object] : []));
  return { ...told, warnings: [...warnings, ...told.warnings], live: objects };
}

async function describePass({ api, running }: World, scope: PlanScope, pass: LivePass): Promise<Comparison> {
  const { plan, observed, hold } = pass;
  const isUnproven = (scope.status.conditions ?? []).some(({ reason }) => reason === 'WebhookNotProven');
  const told = await fetchDifferences(api, pass, { ...running, isUnproven });
  const users = await fetchUsersOf(scope, plan.prune);
  const failures = [...observed.failures.map((text) => `could not read ${text}`), ...users.failures];
  if (!observed.injectors) failures.push(`could not read ${INJECTOR_KIND.kind}`);
  const problems = [...failures, ...plan.blocked.map(({ cause }) => cause), ...told.problems];
  const { paused, drifted, unclear } = observeRestraints(pass);
  const warnings = [users.text, paused, drifted, unclear].filter((text) => text !== '');
  if (hold?.reason === 'ChangeRefused') problems.push(hold.message);
  else warnings.push(...(hold ? [hold.message] : []), ...(await fetchAwaited(api, pass)));
  // As the operator: a doubt keeps the old.
  const prune = failures.length + plan.blocked.length > 0 ? [] : withoutUsed(plan.prune, users.text);
  return { ...told, differences: [...told.differences, ...prune.map(pruned)], warnings, problems };
}

/** What would wait for an injector that this pass does not bring. */
async function fetchAwaited(api: World['api'], { plan, desired, observed }: LivePass): Promise<string[]> {
  const gone = new Set(plan.prune.map(({ key }) => key));
  const injectors = new Map((observed.injectors ?? []).map((object) => [objectKey(refOf(object)), object]));
  for (const key of gone) injectors.delete(key);
  for (const { key, ref, object } of desired) if (ref.kind === INJECTOR_KIND.kind) injectors.set(key, object);
  const written = [...plan.create, ...[...plan.apply, ...plan.adopt, ...plan.recreate].map((step) => step.desired)];
  const awaited = await fetchAwaitedInjectors({ deps: { api } }, written, [...injectors.values()]);
  return [...awaited.values()].map(({ message }) => message);
}

function pruned({ ref, object }: PruneEntry): ObjectDiff {
  return { change: 'prune', ref, before: computeOwnedViews(object, object).before };
}
