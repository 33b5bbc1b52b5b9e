import { createHash } from 'node:crypto';
import { errorText } from '../../core/error-text.ts';
import { FIELD_MANAGER } from '../../api/our-names.ts';
import { shorten } from '../../api/field-path.ts';
import { ISTIO_OPERATOR } from '../../api/install/istio-operator.ts';
import type { IstioOperatorStatus } from '../../api/install/istio-operator-status.ts';
import { createMemory } from '../../controllers/istio-operator/dependencies.ts';
import { fetchLiveObjects } from '../../controllers/istio-operator/live-objects.ts';
import { fetchOtherOwners } from '../../controllers/istio-operator/other-owners.ts';
import { mapConcurrently } from '../../runtime/map-concurrently.ts';
import type { ObjectDiff } from '../../core/diff/object-diff.ts';
import { computeOwnedViews } from '../../core/diff/owned-fields.ts';
import { displayName, refOf, type JsonObject, type KubeObject, type ObjectRef } from '../../core/kube-object.ts';
import { describeAdoption, isAdoptionApproved } from '../../core/plan/adoption.ts';
import { findForeignFields } from '../../core/plan/foreign-fields.ts';
import { computeDesired, isSame, type DesiredObject } from '../../core/plan/desired.ts';
import { type Owner } from '../../core/plan/owner-labels.ts';
import { findUnapproved, planObjects, type Plan } from '../../core/plan/plan-objects.ts';
import type { OtherOwner } from '../../core/plan/plan-input.ts';
import { formatProblem, type Result } from '../../core/problem.ts';
import type { Rendered } from '../../core/render/index.ts';
import { render } from '../../core/render/render.ts';
import type { OperatorInput } from '../../core/render/composition/operator-tree.ts';
import { VERSION } from '../../version.ts';
import { createKubeClient, loadKubeConfig, type KubeClient } from '../../kube/client.ts';
import { isKindNotServed, isNotFound } from '../../kube/errors.ts';
import type { ImageDefaults } from '../../operator/image-defaults.ts';
import type { ClusterFlags } from '../shell/connect-cluster.ts';
import { readOperator } from './read-manifest.ts';
import type { FileNotes } from './pick-istio-operator.ts';
import type { Comparison } from './comparison.ts';

const CONCURRENCY = 8;
/** Characters of a foreign field's value. */
const MAX_VALUE = 100;

/** What to compare with the cluster. */
export interface LiveInput {
  files: readonly string[];
  setFlags: readonly string[];
  profile: string | undefined;
  /** Of images. */
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
    const asked = { documents, setFlags, ...(profile === undefined ? {} : { profile }) };
    const by = { defaults, ...(istioVersion === undefined ? {} : { istioVersion }) };
    const { live, ...comparison } = await compare(api, owner, asked, by);
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

async function compare(
  api: KubeClient,
  owner: Owner,
  input: OperatorInput,
  by: Omit<Around, 'kubeVersion'>,
): Promise<LiveComparison> {
  const around = { kubeVersion: await api.serverVersion(), ...by };
  const stored = await fetchStored(api, owner);
  const result = renderInput(input, around, stored);
  const warnings = result.warnings.map(formatProblem);
  if (!result.ok) return { ...failed(result.problems.map(formatProblem), warnings), live: [] };
  const annotations = annotationsOf(input.documents);
  const planned = await fetchPlan(api, owner, { rendered: result.value, around, annotations, stored });
  const { plan, failures, desired, live, consent } = planned;
  if (consent !== undefined) warnings.push(consent);
  const problems = [...failures.map((text) => `could not read ${text}`), ...plan.blocked.map(({ cause }) => cause)];
  const views = await mapConcurrently(desired, CONCURRENCY, (object) => fetchDifference(api, object, plan));
  const differences: ObjectDiff[] = [];
  for (const view of views) {
    if (typeof view === 'string') problems.push(view);
    else if (view) differences.push(view);
  }
  const same = views.filter((view) => view === undefined).length;
  // As the operator: what could not be read forbids to remove anything.
  if (failures.length === 0) differences.push(...plan.prune.map(({ ref, object }) => pruned(ref, object)));
  return { differences, same, warnings, problems, live };
}

async function fetchStored(api: KubeClient, owner: Owner): Promise<KubeObject | undefined> {
  try {
    return await api.get({ ...ISTIO_OPERATOR, ...owner });
  } catch (error) {
    if (isKindNotServed(error)) return undefined;
    throw error;
  }
}

/** What a rendering depends on beside the input. */
interface Around {
  /** Of the API server. */
  kubeVersion: string;
  /** Of images. */
  defaults: ImageDefaults;
  /** The release that was asked for on the command line. */
  istioVersion?: string;
}

/** What the operator would render: of a status only that of the cluster counts, which says what is installed. */
function renderInput(input: OperatorInput, around: Around, stored: KubeObject | undefined): Result<Rendered> {
  const documents: JsonObject[] = input.documents.map(({ status: _, ...document }) => document);
  const { istioVersion } = (stored?.['status'] ?? {}) as IstioOperatorStatus;
  if (istioVersion !== undefined) documents.push({ status: { istioVersion } });
  return render({ ...input, documents }, { form: 'sailwright', ...around });
}

interface Planned {
  plan: Plan;
  desired: readonly DesiredObject[];
  failures: readonly string[];
  live: readonly KubeObject[];
  /** What the operator waits for before it takes over what others made. */
  consent: string | undefined;
}

/** Of all files together. */
function annotationsOf(documents: readonly JsonObject[]): Record<string, string> {
  const metadata = documents.map((document) => (document['metadata'] ?? {}) as Partial<KubeObject['metadata']>);
  return Object.assign({}, ...metadata.map(({ annotations }) => annotations)) as Record<string, string>;
}

async function fetchPlan(
  api: KubeClient,
  owner: Owner,
  {
    rendered,
    around,
    annotations,
    stored,
  }: {
    rendered: Rendered;
    around: Around;
    annotations: Record<string, string>;
    stored: KubeObject | undefined;
  },
): Promise<Planned> {
  const others = await fetchOthers(api, stored ?? newResource(owner), around);
  const desired = computeDesired({ rendered, owner, digest: sha256 });
  const refs = desired.map(({ ref }) => ref);
  const inventory = ((stored?.['status'] ?? {}) as IstioOperatorStatus).inventory ?? [];
  const live = await fetchLiveObjects(api, owner, refs, inventory);
  const resource = { metadata: { ...owner, annotations: { ...stored?.metadata.annotations, ...annotations } } };
  const plan = planObjects({
    desired,
    live: live.reads,
    owned: live.owned,
    owner,
    others,
    gaps: new Map(),
    isAdoptionApproved: isAdoptionApproved(resource),
  });
  const objects = [...live.reads.values()].flatMap((read) => (read.state === 'found' ? [read.object] : []));
  const foreign = findUnapproved(plan);
  const consent = foreign.length > 0 ? describeAdoption(foreign, resource) : undefined;
  return { plan, desired, failures: live.failures, live: objects, consent };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Stands for a resource that would be made now: all others are older. */
function newResource(owner: Owner): KubeObject {
  const { apiVersion, kind } = ISTIO_OPERATOR;
  return { apiVersion, kind, metadata: { ...owner, uid: '', creationTimestamp: new Date().toISOString() } };
}

async function fetchOthers(api: KubeClient, resource: KubeObject, around: Around): Promise<OtherOwner[]> {
  const uid = String(resource.metadata['uid']);
  const renderOther = (other: KubeObject, kubeVersion: string): Result<Rendered> => {
    const { apiVersion, kind, metadata, spec } = other;
    const { name, namespace, annotations = {} } = metadata;
    const document = { apiVersion, kind, metadata: { name, namespace, annotations }, spec } as unknown as JsonObject;
    return renderInput({ documents: [document] }, { kubeVersion, defaults: around.defaults }, other);
  };
  try {
    const deps = { api, render: renderOther };
    return await fetchOtherOwners({
      deps,
      memory: createMemory(Date.now),
      resource,
      uid,
      kubeVersion: around.kubeVersion,
    });
  } catch (error) {
    if (isKindNotServed(error)) return [];
    throw error;
  }
}

/** The difference of one object; undefined when there is none, text when the API server refuses the dry run. */
async function fetchDifference(
  api: KubeClient,
  desired: DesiredObject,
  plan: Plan,
): Promise<ObjectDiff | string | undefined> {
  const { ref } = desired;
  if (plan.create.includes(desired)) return fetchCreation(api, desired);
  const adopted = plan.adopt.find((step) => step.desired === desired);
  const step = adopted ?? plan.apply.find((one) => one.desired === desired);
  if (!step) return undefined;
  try {
    const live = adopted?.live ?? (await api.get(ref));
    if (!live) return fetchCreation(api, desired);
    const { force } = step;
    const applied = await api.apply(step.object, { fieldManager: FIELD_MANAGER, force, dryRun: true });
    const { before, after } = computeOwnedViews(live, applied);
    return isSame(before, after) ? undefined : { change: 'change', ref, before, after };
  } catch (error) {
    return `${displayName(ref)}: ${errorText(error)}`;
  }
}

async function fetchCreation(api: KubeClient, { object, ref }: DesiredObject): Promise<ObjectDiff | string> {
  try {
    await api.apply(object, { fieldManager: FIELD_MANAGER, dryRun: true });
  } catch (error) {
    // Its namespace or kind is to be created too, so it cannot be tried yet.
    if (!isNotFound(error)) return `${displayName(ref)}: ${errorText(error)}`;
  }
  return { change: 'create', ref, after: object };
}

function pruned(ref: ObjectRef, object: KubeObject): ObjectDiff {
  return { change: 'prune', ref, before: computeOwnedViews(object, object).before };
}
