import { IGNORE_ANNOTATION } from '../../api/install/conditions.ts';
import { ADOPT_ANNOTATION, HAND_OVER_MANAGER } from '../../api/our-names.ts';
import { displayName, refOf } from '../../core/kube-object.ts';
import { withConsent } from '../../core/plan/adoption.ts';
import { ownerKey, type Owner } from '../../core/plan/owner-labels.ts';
import type { KubeApi } from '../../kube/kube-api.ts';
import { awaitResource, type Condition, type Patience } from '../shell/await-resource.ts';
import type { FormerMesh } from './find-mesh.ts';
import { hideReleases } from './hide-releases.ts';
import { lendAccounts } from './lend-accounts.ts';
import type { HandOverPlan } from './plan-hand-over.ts';
import { describeLoan } from './plan-text.ts';
import type { Proposed } from './propose-resource.ts';
import { saveRecord, toRecord } from './record.ts';

/** What is handed over, and to whom. */
export interface HandOver {
  api: KubeApi;
  mesh: FormerMesh;
  plan: HandOverPlan;
  proposed: Proposed;
}

/**
 * Hands the mesh over: the record first, then the former writers stop, then the operator gets the resource with the
 * consent. What it takes over is its own work. Each step may be done again after a break-off.
 * @returns why it is not done; undefined when it is
 * @throws ApiError, InputError
 */
export async function carryOut(
  { api, mesh, plan, proposed }: HandOver,
  patience: Patience,
): Promise<string | undefined> {
  const { onProgress } = patience;
  const owner = ownerOf(proposed);
  await saveRecord(api, owner, toRecord(plan, mesh));
  onProgress(`recorded how ${plan.former.length} objects are`);
  for (const operator of mesh.operators) {
    await scale(api, operator, 0);
    onProgress(`stopped ${displayName(refOf(operator))}`);
  }
  await hideReleases(api, mesh.releaseSecrets.map(refOf));
  if (mesh.releases.length > 0)
    onProgress(`hid from Helm: ${mesh.releases.map(({ namespace, name }) => `${namespace}/${name}`).join(', ')}`);
  await lendAccounts(api, plan.accounts);
  for (const account of plan.accounts) onProgress(`lent ${describeLoan(account)}`);
  await writeResource(api, proposed);
  onProgress(`wrote IstioOperator ${ownerKey(owner)}`);
  const end = await awaitResource(api, owner, howItEnded, patience);
  if (end !== 'done')
    return end ?? `IstioOperator ${ownerKey(owner)} is not ready yet; the hand-over goes on without this command`;
  await api.patch(refOf(proposed.resource), { metadata: { annotations: { [ADOPT_ANNOTATION]: null } } }, MERGE);
  return undefined;
}

const MERGE = { type: 'merge', fieldManager: HAND_OVER_MANAGER } as const;

function ownerOf({ resource: { metadata } }: Proposed): Owner {
  return { name: metadata.name, namespace: metadata.namespace ?? '' };
}

/** A resource of the former operator's keeps its spec: only the consent is added, and a pause ends. */
async function writeResource(api: KubeApi, { resource, exists, source }: Proposed): Promise<void> {
  if (exists && source !== 'the file') {
    const annotations = { [ADOPT_ANNOTATION]: 'approve', [IGNORE_ANNOTATION]: null };
    await api.patch(refOf(resource), { metadata: { annotations } }, MERGE);
    return;
  }
  await api.apply(withConsent(resource), { fieldManager: HAND_OVER_MANAGER, force: true });
}

/** What the operator said of a resource without consent may be there until it has seen the consent. */
export function howItEnded(conditions: readonly Condition[]): string | undefined {
  const is = (type: string): Condition | undefined =>
    conditions.find((one) => one.type === type && one.status === 'True');
  const stalled = is('Stalled');
  if (stalled && stalled.reason !== 'AdoptionRequired') return `the operator holds it back: ${stalled.message ?? ''}`;
  return is('Ready') ? 'done' : undefined;
}

/** @throws ApiError */
export async function scale(api: KubeApi, target: Parameters<typeof refOf>[0], replicas: number): Promise<void> {
  await api.patch(refOf(target), { spec: { replicas } }, MERGE);
}
