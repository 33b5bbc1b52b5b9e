import { isJsonObject, type JsonObject } from '../../core/kube-object.ts';

/** Larger reviews of pods are not even read by the thread that answers: injecting takes up to a microsecond a byte. */
export const MAX_POD_BODY_HERE = 32 * 1024;
/** The review of a pod as people write them: what is smaller takes as long. */
export const USUAL_POD_BODY = 6 * 1024;
/** An annotation in YAML takes some ten microseconds a character. */
const MAX_YAML_HERE = 1024;
/** Each template takes some hundred microseconds, however often it is named. */
const MAX_TEMPLATES_HERE = 8;

/** Whether injecting a pod that is small itself may take more than some milliseconds, by what its annotations ask for. */
export function isCostlyPod(object: JsonObject): boolean {
  const { metadata } = object;
  const annotations = isJsonObject(metadata) ? metadata.annotations : undefined;
  if (!isJsonObject(annotations)) return false;
  const text = (name: string): string => {
    const value = annotations[name];
    return typeof value === 'string' ? value : '';
  };
  if (text('proxy.istio.io/config').length > MAX_YAML_HERE) return true;
  return text('inject.istio.io/templates').split(',').length > MAX_TEMPLATES_HERE;
}
