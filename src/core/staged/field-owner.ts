import { isJsonObject, type KubeObject } from '../kube-object.ts';
import { managedFieldsOf } from '../plan/field-ownership.ts';

/** Who wrote a field. */
export interface FieldOwner {
  /** Field managers that own it, the last writer first. */
  managers: string[];
  /** The last writer; undefined where the API server does not say. */
  manager: string | undefined;
  since: string | undefined;
}

/** Who owns a field below the spec, or something of it. */
export function lastOwnerOf(object: KubeObject, path: readonly string[]): FieldOwner {
  const owners = managedFieldsOf(object)
    .filter(({ fieldsV1, subresource }) => !subresource && hasField(fieldsV1, ['spec', ...path]))
    .sort((a, b) => (b.time ?? '').localeCompare(a.time ?? ''));
  const managers = owners.map(({ manager }) => manager);
  return { managers, manager: managers[0], since: owners[0]?.time };
}

function hasField(fields: unknown, path: readonly string[]): boolean {
  let at: unknown = fields;
  for (const name of path) at = isJsonObject(at) ? at[`f:${name}`] : undefined;
  return at !== undefined;
}

const FLUX = 'kustomize.toolkit.fluxcd.io';

/** Why Flux would set what is changed of the object back; undefined where it would not. */
export function findFluxKeeper({ metadata }: KubeObject): string | undefined {
  const { labels = {}, annotations = {} } = metadata;
  const name = labels[`${FLUX}/name`];
  if (name === undefined || isLeftByFlux(annotations)) return undefined;
  const who = `Kustomization ${labels[`${FLUX}/namespace`] ?? ''}/${name} of Flux`;
  return `${who} would set this back: annotate the object in Git with ${FLUX}/ssa: IfNotPresent`;
}

/** Flux applies what it finds in Git again and again, with force, unless the object says otherwise. */
function isLeftByFlux(annotations: Readonly<Record<string, string>>): boolean {
  if (annotations[`${FLUX}/reconcile`] === 'disabled') return true;
  return ['ifnotpresent', 'ignore'].includes((annotations[`${FLUX}/ssa`] ?? '').toLowerCase());
}
