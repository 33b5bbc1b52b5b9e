import { isJsonObject, type KubeObject } from '../kube-object.ts';
import { managedFieldsOf, type ManagedFieldsEntry } from '../plan/field-ownership.ts';

/** One step of a JSON patch. */
export interface PatchStep {
  op: 'test' | 'add' | 'remove' | 'replace';
  path: string;
  value?: unknown;
}

const OF_CLUSTER: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata', 'status']);
const OF_USERS = ['labels', 'annotations', 'ownerReferences'] as const;
/** Definitions are kept: resources of their kinds may have been stored since. */
const KEPT_AS_IS: ReadonlySet<string> = new Set(['CustomResourceDefinition']);

/** What is kept of an object to bring it back: without what the cluster computes. */
export function toRecorded(object: KubeObject): KubeObject {
  const { metadata, status: _, ...rest } = object;
  const { name, namespace, labels, annotations, ownerReferences, managedFields } = metadata;
  const kept = { name, ...(namespace ? { namespace } : {}), labels, annotations, ownerReferences, managedFields };
  const bare = { apiVersion: object.apiVersion, kind: object.kind };
  const told = KEPT_AS_IS.has(object.kind) ? bare : rest;
  return { ...told, ...bare, metadata: JSON.parse(JSON.stringify(kept)) as KubeObject['metadata'] };
}

/** The patch that makes the live object what it was; how many replicas run is left to whoever scales it now. */
export function computeRestoration(live: KubeObject, recorded: KubeObject): PatchStep[] {
  const steps: PatchStep[] = [
    { op: 'test', path: '/metadata/resourceVersion', value: live.metadata['resourceVersion'] },
  ];
  for (const field of OF_USERS) {
    const before = recorded.metadata[field];
    if (before !== undefined) steps.push({ op: 'add', path: `/metadata/${field}`, value: before });
    else if (live.metadata[field] !== undefined) steps.push({ op: 'remove', path: `/metadata/${field}` });
  }
  if (KEPT_AS_IS.has(live.kind)) return steps;
  const fields = new Set([...Object.keys(live), ...Object.keys(recorded)].filter((field) => !OF_CLUSTER.has(field)));
  for (const field of fields) {
    const before = recorded[field];
    if (before === undefined) steps.push({ op: 'remove', path: `/${field}` });
    else
      steps.push({
        op: 'add',
        path: `/${field}`,
        value: field === 'spec' ? withReplicas(before, live['spec']) : before,
      });
  }
  return steps;
}

/** The patch that gives its fields back to whoever had them; as a second one, since each write enters its writer. */
export function computeOwnersAgain(live: KubeObject, recorded: KubeObject): PatchStep[] {
  const owners: ManagedFieldsEntry[] = managedFieldsOf(recorded).filter(({ subresource }) => !subresource);
  const others = managedFieldsOf(live).filter(({ subresource }) => subresource);
  return [
    { op: 'test', path: '/metadata/resourceVersion', value: live.metadata['resourceVersion'] },
    { op: 'replace', path: '/metadata/managedFields', value: [...owners, ...others] },
  ];
}

function withReplicas(before: unknown, now: unknown): unknown {
  if (!isJsonObject(before) || !isJsonObject(now) || now['replicas'] === undefined) return before;
  return { ...before, replicas: now['replicas'] };
}
