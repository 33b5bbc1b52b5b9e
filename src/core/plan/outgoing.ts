import {
  COMPONENT_LABEL,
  MANAGED_LABEL,
  OUTGOING_ANNOTATION,
  OWNER_NAME_LABEL,
  OWNER_NAMESPACE_LABEL,
} from '../../api/our-names.ts';
import { isJsonObject, type KubeObject } from '../kube-object.ts';
import type { DesiredObject } from './desired.ts';

const OWNERSHIP = [MANAGED_LABEL, OWNER_NAME_LABEL, OWNER_NAMESPACE_LABEL, COMPONENT_LABEL];

/**
 * What is applied to a ReplicaSet of a Deployment that is made anew: it becomes an object of ours that nobody renders,
 * which the inventory lists and pruning removes when it may go.
 */
export function markOutgoing({ metadata }: KubeObject, { object }: DesiredObject): KubeObject {
  const { name, namespace, uid } = metadata;
  const labels = Object.fromEntries(OWNERSHIP.map((label) => [label, object.metadata.labels?.[label] ?? '']));
  const annotations = { [OUTGOING_ANNOTATION]: object.metadata.name };
  const place = namespace === undefined ? {} : { namespace };
  return { apiVersion: 'apps/v1', kind: 'ReplicaSet', metadata: { name, ...place, uid, labels, annotations } };
}

/** The Deployment whose former pods the ReplicaSet runs; undefined for any other object. */
export function outgoingOf({ kind, metadata }: KubeObject): string | undefined {
  return kind === 'ReplicaSet' ? metadata.annotations?.[OUTGOING_ANNOTATION] : undefined;
}

/** UID of what controls the object. */
export function controllerOf({ metadata }: KubeObject): unknown {
  const references = metadata['ownerReferences'];
  if (!Array.isArray(references)) return undefined;
  return references.filter(isJsonObject).find((reference) => reference['controller'] === true)?.['uid'];
}
