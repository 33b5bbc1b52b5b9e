import { gunzipSync, gzipSync } from 'node:zlib';
import { HAND_OVER_MANAGER } from '../../api/our-names.ts';
import { toRecorded } from '../../core/hand-over/restore-object.ts';
import { isJsonObject, refOf, type KubeObject, type ObjectRef } from '../../core/kube-object.ts';
import { ownerKey, type Owner } from '../../core/plan/owner-labels.ts';
import type { GatewayAccount } from '../../core/render/reached-settings.ts';
import type { KubeApi } from '../../kube/kube-api.ts';
import { InputError } from '../shell/input-error.ts';
import type { FormerMesh } from './find-mesh.ts';
import type { HandOverPlan } from './plan-hand-over.ts';

/** All that it takes to give a mesh back. */
export interface HandOverRecord {
  /** As they were, in the order in which they were taken over. */
  objects: KubeObject[];
  /** Of Helm, hidden from it. */
  releaseSecrets: ObjectRef[];
  /** Of gateways, lent to them; a record of before has none. */
  accounts?: GatewayAccount[];
  /** Deployments of the former operator, and how many replicas they had. */
  operators: { ref: ObjectRef; replicas: number }[];
  /** The resource as it was, where it was there before. */
  resource?: KubeObject;
}

const KEY = 'record.json.gz';
/** A ConfigMap holds one MiB. */
const MAX_RECORD = 900_000;
const MAX_UNPACKED = 64 * 1024 * 1024;

/** Where the record of a resource's hand-over lies. */
export function recordRef({ name, namespace }: Owner): ObjectRef {
  return { apiVersion: 'v1', kind: 'ConfigMap', namespace, name: `sailwright-hand-over-${name}` };
}

export function toRecord(plan: HandOverPlan, { releaseSecrets, operators, resource }: FormerMesh): HandOverRecord {
  return {
    objects: plan.former.map(toRecorded),
    releaseSecrets: releaseSecrets.map(refOf),
    accounts: plan.accounts,
    operators: operators.map((operator) => ({ ref: refOf(operator), replicas: replicasOf(operator) })),
    ...(resource
      ? {
          resource: {
            ...toRecorded(resource),
            metadata: { ...toRecorded(resource).metadata, finalizers: resource.metadata['finalizers'] },
          },
        }
      : {}),
  };
}

function replicasOf({ spec }: KubeObject): number {
  const replicas = isJsonObject(spec) ? spec['replicas'] : undefined;
  return typeof replicas === 'number' ? replicas : 1;
}

/** Stores the record, unless there is one: the first knows how it was. @throws ApiError, InputError */
export async function saveRecord(api: KubeApi, owner: Owner, record: HandOverRecord): Promise<void> {
  if (await loadRecord(api, owner)) return;
  const packed = gzipSync(JSON.stringify(record)).toString('base64');
  if (packed.length > MAX_RECORD)
    throw new InputError(`the record of ${ownerKey(owner)} does not fit into a ConfigMap`);
  const { namespace = '', name, ...kind } = recordRef(owner);
  await api.apply(
    { ...kind, metadata: { name, namespace }, binaryData: { [KEY]: packed } },
    { fieldManager: HAND_OVER_MANAGER, force: true },
  );
}

/** @throws ApiError, and Error for a record that somebody spoiled */
export async function loadRecord(api: KubeApi, owner: Owner): Promise<HandOverRecord | undefined> {
  const stored = await api.get(recordRef(owner));
  const packed = isJsonObject(stored?.['binaryData']) ? stored['binaryData'][KEY] : undefined;
  if (typeof packed !== 'string') return undefined;
  const text = gunzipSync(Buffer.from(packed, 'base64'), { maxOutputLength: MAX_UNPACKED }).toString('utf8');
  return JSON.parse(text) as HandOverRecord;
}
