import { HAND_OVER_MANAGER } from '../../api/our-names.ts';
import { computeOwnersAgain, computeRestoration, type PatchStep } from '../../core/hand-over/restore-object.ts';
import { refOf, type KubeObject } from '../../core/kube-object.ts';
import { ApiError } from '../../kube/errors.ts';
import type { KubeApi } from '../../kube/kube-api.ts';

type Api = Pick<KubeApi, 'get' | 'create' | 'patch'>;

/** How often an object is read anew that others write meanwhile, as the controllers of workloads do with the status. */
const ATTEMPTS = 10;
/** A test in a patch that failed: 422 of the API server. */
const OVERTAKEN: ReadonlySet<number> = new Set([409, 422]);

/** Makes a live object what was recorded, and then its fields those of whoever had them. @throws ApiError */
export async function restoreObject(api: Api, recorded: KubeObject): Promise<void> {
  await patchFresh(api, recorded, computeRestoration);
  await patchFresh(api, recorded, computeOwnersAgain);
}

async function patchFresh(
  api: Api,
  recorded: KubeObject,
  compute: (live: KubeObject, recorded: KubeObject) => PatchStep[],
): Promise<void> {
  const ref = refOf(recorded);
  for (let attempt = 1; ; attempt += 1) {
    const live = (await api.get(ref)) ?? (await api.create(withoutOwners(recorded)));
    try {
      await api.patch(ref, compute(live, recorded), { type: 'json', fieldManager: HAND_OVER_MANAGER });
      return;
    } catch (error) {
      if (attempt === ATTEMPTS || !(error instanceof ApiError) || !OVERTAKEN.has(error.status)) throw error;
    }
  }
}

function withoutOwners(object: KubeObject): KubeObject {
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...object, metadata };
}
