import { isJsonObject, type Json, type JsonObject } from '../kube-object.ts';
import type { Pod } from './template-context.ts';

/** Where a kind keeps the metadata and the spec of its pods. */
export interface PodPath {
  metadata: readonly string[];
  spec: readonly string[];
}

const TEMPLATE: PodPath = { metadata: ['spec', 'template', 'metadata'], spec: ['spec', 'template', 'spec'] };
const JOB_TEMPLATE = ['spec', 'jobTemplate'];

/** As `istioctl kube-inject` writes. */
const POD_PATHS: Readonly<Record<string, PodPath>> = {
  'v1/Pod': { metadata: ['metadata'], spec: ['spec'] },
  'v1/ReplicationController': TEMPLATE,
  'apps/v1/Deployment': TEMPLATE,
  'apps/v1/ReplicaSet': TEMPLATE,
  'apps/v1/StatefulSet': TEMPLATE,
  'apps/v1/DaemonSet': TEMPLATE,
  'batch/v1/Job': TEMPLATE,
  // Istio writes the pod's annotations and labels to the job, not to its pods.
  'batch/v1/CronJob': {
    metadata: [...JOB_TEMPLATE, 'metadata'],
    spec: [...JOB_TEMPLATE, 'spec', 'template', 'spec'],
  },
  'apps.openshift.io/v1/DeploymentConfig': TEMPLATE,
};

/** Where `istioctl kube-inject` reads and writes the pods of a document; undefined when it is no workload. */
export function findPodPath({ apiVersion, kind }: JsonObject): PodPath | undefined {
  if (typeof apiVersion !== 'string' || typeof kind !== 'string') return undefined;
  const key = `${apiVersion}/${kind}`;
  return Object.hasOwn(POD_PATHS, key) ? POD_PATHS[key] : undefined;
}

/** The pod that a document describes as `istioctl kube-inject` reads it; undefined when it is no workload. */
export function podOfDocument(document: JsonObject): Pod | undefined {
  const path = findPodPath(document);
  return path && podAt(document, path);
}

/** The metadata of a workload beside that of its pods, which pods do not get. */
export interface OuterMetadata {
  /** `metadata` or `spec.jobTemplate.metadata`. */
  path: string;
  metadata: JsonObject;
}

/** The pod that the API server will see, where it is described, and what stands around it. */
export interface CreatedPod {
  pod: Pod;
  path: string;
  outer: OuterMetadata[];
}

/** The pod that a workload creates; undefined when the document is no workload. */
export function createdPodOf(document: JsonObject): CreatedPod | undefined {
  const path = findPodPath(document);
  if (!path) return undefined;
  const template = path.spec.slice(0, -1);
  const pod = podAt(document, { metadata: [...template, 'metadata'], spec: path.spec });
  if (!pod) return undefined;
  const around = template.length === 0 ? [] : [['metadata'], [...JOB_TEMPLATE, 'metadata']];
  const outer = around.flatMap((at) => {
    const metadata = valueAt(document, at);
    return isJsonObject(metadata) ? [{ path: at.join('.'), metadata }] : [];
  });
  return { pod, path: [...template, 'metadata'].join('.'), outer };
}

function podAt(document: JsonObject, path: PodPath): Pod | undefined {
  const spec = valueAt(document, path.spec);
  if (!isJsonObject(spec)) return undefined;
  const metadata = valueAt(document, path.metadata);
  return { metadata: isJsonObject(metadata) ? metadata : {}, spec };
}

function valueAt(value: Json | undefined, path: readonly string[]): Json | undefined {
  return path.reduce<Json | undefined>((at, key) => (isJsonObject(at) ? at[key] : undefined), value);
}
