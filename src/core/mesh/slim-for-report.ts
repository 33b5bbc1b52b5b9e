import { slimForAnalysis } from '../analyze/report/slim-object.ts';
import type { KubeObject } from '../kube-object.ts';

/** As for analysis; of pods also since when they are and whether they are ready. */
export function slimForReport(object: KubeObject): KubeObject {
  const slim = slimForAnalysis(object);
  const { creationTimestamp, deletionTimestamp, ownerReferences, uid, generation } = object.metadata;
  const times = { creationTimestamp, deletionTimestamp, ownerReferences, uid, generation };
  const metadata = {
    ...slim.metadata,
    ...Object.fromEntries(Object.entries(times).filter(([, value]) => value !== undefined)),
  };
  return { ...slim, metadata, ...(object.status === undefined ? {} : { status: object.status }) };
}
