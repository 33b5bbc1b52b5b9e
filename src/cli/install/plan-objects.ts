import { CLI_MANAGER } from '../../api/our-names.ts';
import { listChangedFields } from '../../core/diff/changed-fields.ts';
import { displayName, refOf, type KubeObject } from '../../core/kube-object.ts';
import { listSome } from '../../core/list-some.ts';
import { ApiError } from '../../kube/errors.ts';
import type { KubeApi } from '../../kube/kube-api.ts';
import { mapConcurrently } from '../../runtime/map-concurrently.ts';
import { InputError } from '../shell/input-error.ts';

const CONCURRENCY = 6;

/** What applying an object would do. */
export interface PlannedObject {
  object: KubeObject;
  change: 'create' | 'change' | 'same';
  /** Fields that would change. */
  fields: readonly string[];
}

/** Finds out by dry runs what applying these objects would do. @throws ApiError, InputError for a field of others */
export async function planObjects(
  api: Pick<KubeApi, 'get' | 'apply'>,
  objects: readonly KubeObject[],
  force: boolean,
): Promise<PlannedObject[]> {
  return mapConcurrently(objects, CONCURRENCY, async (object) => {
    const live = await api.get(refOf(object));
    if (!live) return { object, change: 'create', fields: [] };
    const fields = await tryToApply(api, { object, live, force });
    return { object, change: fields.length > 0 ? 'change' : 'same', fields };
  });
}

/**
 * The fields that would change. To the API server a field is another manager's also where both say the same and one of
 * them left a default out: that is no change.
 */
async function tryToApply(
  api: Pick<KubeApi, 'apply'>,
  { object, live, force }: { object: KubeObject; live: KubeObject; force: boolean },
): Promise<readonly string[]> {
  const fieldsOf = (after: KubeObject): string[] => listChangedFields(comparable(live), comparable(after));
  try {
    return fieldsOf(await api.apply(object, { fieldManager: CLI_MANAGER, force, dryRun: true }));
  } catch (error) {
    if (!isHeld(error)) throw error;
    const fields = fieldsOf(await api.apply(object, { fieldManager: CLI_MANAGER, force: true, dryRun: true }));
    if (fields.length > 0) throw heldByOthers(object, error);
    return fields;
  }
}

/** Applies an object as a person by the command line. @throws ApiError, InputError for a field that another manager has */
export async function applyAs(
  api: Pick<KubeApi, 'apply'>,
  object: KubeObject,
  { force }: { force: boolean },
): Promise<KubeObject> {
  try {
    return await api.apply(object, { fieldManager: CLI_MANAGER, force });
  } catch (error) {
    throw isHeld(error) ? heldByOthers(object, error) : error;
  }
}

function isHeld(error: unknown): error is ApiError {
  return error instanceof ApiError && error.conflicts.length > 0;
}

function heldByOthers(object: KubeObject, { conflicts }: ApiError): InputError {
  const held = conflicts.map(({ manager, field }) => `${field} ("${manager}")`);
  const name = displayName(refOf(object));
  return new InputError(
    `${name}: others set fields that this would change: ${listSome(held)}; change them there, or --force`,
  );
}

/** Without what the API server keeps of itself. */
function comparable({ metadata, status: _status, ...object }: KubeObject): KubeObject {
  const { managedFields: _, resourceVersion: __, generation: ___, ...rest } = metadata;
  return { ...object, apiVersion: object.apiVersion, kind: object.kind, metadata: rest };
}

/** What would change, for a person: one line for each object, and how many stay. */
export function plannedText(planned: readonly PlannedObject[]): string {
  const lines = planned.flatMap(({ object, change, fields }) =>
    change === 'same' ? [] : [`  ${change.padEnd(6)}  ${displayName(refOf(object))}${fieldsText(fields)}\n`],
  );
  const same = planned.length - lines.length;
  return `${lines.join('')}${same > 0 ? `  ${same} ${same === 1 ? 'object stays' : 'objects stay'} as ${same === 1 ? 'it is' : 'they are'}\n` : ''}`;
}

function fieldsText(fields: readonly string[]): string {
  return fields.length === 0 ? '' : `: ${listSome(fields)}`;
}
