import { isJsonObject, type JsonObject } from '../../kube-object.ts';
import { PLATFORMS as NEXT } from '../v1-31/platforms.ts';

function withoutMessagePolicy(platform: JsonObject): JsonObject {
  const { terminationMessagePolicy: _, ...pilot } = isJsonObject(platform['pilot']) ? platform['pilot'] : {};
  return { ...platform, pilot };
}

/** Chart settings of a platform: as in 1.31, but OpenShift's say nothing of termination messages. */
export const PLATFORMS: Record<string, JsonObject> = {
  ...NEXT,
  openshift: withoutMessagePolicy(NEXT['openshift'] ?? {}),
};
