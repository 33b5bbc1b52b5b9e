import {
  ADOPT_ANNOTATION,
  COMPONENT_LABEL,
  FIELD_MANAGER,
  KEPT_MANAGER,
  OWNER_NAMESPACE_LABEL,
  OWNER_NAME_LABEL,
} from '../../api/our-names.ts';
import { displayName, isJsonObject, refOf, type KubeObject } from '../kube-object.ts';
import { listSome } from '../list-some.ts';
import { managedFieldsOf, mergeFields, type FieldsV1, type ManagedFieldsEntry } from './field-ownership.ts';
import { keeperOf } from './kept-labels.ts';

/** Installers of Istio whose work the operator takes over; anybody else's object is only touched without force. */
const FORMER_INSTALLERS = /^(istio-operator|istioctl|helm(-.*)?|Helm|sailoperator|sail-operator)$/;
/** So many objects of one installer are named. */
const NAMED_OBJECTS = 10;
const ISTIO_LABELS = [OWNER_NAME_LABEL, COMPONENT_LABEL];

/** Whether an installer of Istio made the object. */
export function isFromIstioInstaller(live: KubeObject): boolean {
  const labels = live.metadata.labels ?? {};
  if (ISTIO_LABELS.some((label) => labels[label] !== undefined)) return true;
  if (labels['release'] === 'istio' || labels['app.kubernetes.io/part-of'] === 'istio') return true;
  return managedFieldsOf(live).some(({ manager }) => manager === 'istio-operator');
}

const SAIL_GROUP = /^sailoperator\.io\//;
const HELM_RELEASE = ['meta.helm.sh/release-namespace', 'meta.helm.sh/release-name'] as const;
/** What `istioctl` writes where its former operator wrote the resource's name. */
const NO_RESOURCE = /^(unknown|installed-state.*)?$/;

/** Who made an object of Istio, as the object tells: `Helm release istio-system/istiod`. */
export function describeInstaller(live: KubeObject): string {
  const { labels = {}, annotations = {} } = live.metadata;
  if (isFromSail(live)) return 'the Sail operator';
  const release = HELM_RELEASE.map((name) => annotations[name]);
  if (release.every((part) => part !== undefined)) return `Helm release ${release.join('/')}`;
  const resource = labels[OWNER_NAME_LABEL];
  if (resource !== undefined && !NO_RESOURCE.test(resource)) {
    const namespace = labels[OWNER_NAMESPACE_LABEL];
    return `IstioOperator ${namespace ? `${namespace}/` : ''}${resource} of another operator`;
  }
  if (resource !== undefined || labels[COMPONENT_LABEL] !== undefined) return 'istioctl';
  const managers = managedFieldsOf(live).map(({ manager }) => manager);
  return managers.length > 0 ? listSome([...new Set(managers)].map((manager) => `"${manager}"`)) : 'another installer';
}

function isFromSail({ metadata }: KubeObject): boolean {
  const references = metadata['ownerReferences'];
  return (
    Array.isArray(references) &&
    references
      .filter(isJsonObject)
      .some(({ apiVersion }) => typeof apiVersion === 'string' && SAIL_GROUP.test(apiVersion))
  );
}

/** Whether the owner of the resource agreed that objects of other installers become ours. */
export function isAdoptionApproved({ metadata }: Pick<KubeObject, 'metadata'>): boolean {
  return metadata.annotations?.[ADOPT_ANNOTATION] === 'approve';
}

/** The resource as if its owner had agreed. */
export function withConsent(resource: KubeObject): KubeObject {
  const { metadata } = resource;
  const annotations = { ...metadata.annotations, [ADOPT_ANNOTATION]: 'approve' };
  return { ...resource, metadata: { ...metadata, annotations } };
}

/** An object that would be taken over, and whose it is. */
export interface ForeignObject {
  live: KubeObject;
  installer: string;
  /** Whether its pods would restart. */
  restarts: boolean;
}

/** What stands in the way of the resource and the ways out, for its status. */
export function describeAdoption(
  foreign: readonly ForeignObject[],
  { metadata }: Pick<KubeObject, 'metadata'>,
): string {
  const given = metadata.annotations?.[ADOPT_ANNOTATION];
  const installers = [...new Set(foreign.map(({ installer }) => installer))];
  const lists = installers.map((installer) => {
    const names = foreign
      .filter((object) => object.installer === installer)
      .map(({ live }) => displayName(refOf(live)));
    return `${installer} has ${listSome(names, NAMED_OBJECTS)}`;
  });
  const isAsked = given === undefined || given === 'plan';
  const other = isAsked ? '' : ` (it is ${JSON.stringify(given)}, and only "approve" counts)`;
  return (
    `what this resource renders is there already, ${foreign.length} in all: ${lists.join('; ')}. ` +
    `Nothing is written without consent: set annotation ${ADOPT_ANNOTATION}: approve${other} to have them taken over, ${describeRestarts(foreign)}; ` +
    'or give this resource another revision or other names; or remove the other installation first'
  );
}

function describeRestarts(foreign: readonly ForeignObject[]): string {
  const names = foreign.filter(({ restarts }) => restarts).map(({ live }) => displayName(refOf(live)));
  return names.length === 0 ? 'which restarts no pods' : `which restarts the pods of ${listSome(names, NAMED_OBJECTS)}`;
}

/** Managers of the main resource whose fields go over to us; status and scale stay with whoever writes them. */
export function findFormerInstallers(live: KubeObject): string[] {
  return [
    ...new Set(
      managedFieldsOf(live)
        .filter(isFormerInstaller)
        .map(({ manager }) => manager),
    ),
  ];
}

function isFormerInstaller({ manager, subresource }: ManagedFieldsEntry): boolean {
  return !subresource && FORMER_INSTALLERS.test(manager);
}

/**
 * Managed fields with the former installers' share given to us, so that the next apply also removes what they had set
 * and we do not; of the pod template, these fields stay. Undefined when there is nothing to take over.
 */
export function computeTakeover(live: KubeObject, kept: FieldsV1 = {}): ManagedFieldsEntry[] | undefined {
  const rest = takeShares(live, isFormerInstaller);
  const keeper = keeperOf(kept, live.apiVersion);
  if (!keeper) return rest;
  return [...(rest ?? managedFieldsOf(live)), keeper];
}

/** Managed fields with what was kept for a former installer given to us. */
export function computeUnkept(live: KubeObject): ManagedFieldsEntry[] | undefined {
  return takeShares(live, ({ manager }) => manager === KEPT_MANAGER);
}

function takeShares(
  live: KubeObject,
  isTaken: (entry: ManagedFieldsEntry) => boolean,
): ManagedFieldsEntry[] | undefined {
  const entries = managedFieldsOf(live);
  const former = entries.filter(isTaken);
  const [first] = former;
  if (!first) return undefined;
  const isOurs = (entry: ManagedFieldsEntry): boolean =>
    entry.manager === FIELD_MANAGER && entry.operation === 'Apply' && !entry.subresource;
  const shares = [...entries.filter(isOurs), ...former];
  // Versions of one object cannot be mixed in one entry; the newest writer's is kept.
  const apiVersion = shares.at(-1)?.apiVersion;
  const fieldsV1 = shares
    .filter((entry) => entry.apiVersion === apiVersion)
    .map((entry) => entry.fieldsV1 ?? {})
    .reduce(mergeFields, {});
  const merged: ManagedFieldsEntry = { ...first, manager: FIELD_MANAGER, operation: 'Apply', fieldsV1 };
  if (apiVersion !== undefined) merged.apiVersion = apiVersion;
  return [...entries.filter((entry) => !isOurs(entry) && !isTaken(entry)), merged];
}
