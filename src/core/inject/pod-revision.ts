import { REVISION_LABEL, STATUS_ANNOTATION } from '../../api/istio-names.ts';
import { isJsonObject, type KubeObject } from '../kube-object.ts';
import { isInjected } from './missed-pods.ts';
import { DEFAULT_REVISION } from './revision-path.ts';

/**
 * The revision of a pod's proxy, `default` for the one without a name; undefined for a pod without a proxy, or one that
 * has ended. What injection wrote down counts before the label, which may name a tag.
 */
export function revisionOfPod(pod: KubeObject): string | undefined {
  const phase = isJsonObject(pod.status) ? pod.status.phase : undefined;
  if (phase === 'Succeeded' || phase === 'Failed' || !isInjected(pod)) return undefined;
  return injectedRevision(pod.metadata.annotations?.[STATUS_ANNOTATION]) ?? pod.metadata.labels?.[REVISION_LABEL];
}

/** The revision in the status annotation of a pod; undefined when it has none that can be read. */
export function injectedRevision(status: string | undefined): string | undefined {
  if (status === undefined) return undefined;
  try {
    const read: unknown = JSON.parse(status);
    const revision = isJsonObject(read) ? read.revision : undefined;
    return typeof revision === 'string' ? revision || DEFAULT_REVISION : undefined;
  } catch {
    // Anybody can write an annotation.
    return undefined;
  }
}
