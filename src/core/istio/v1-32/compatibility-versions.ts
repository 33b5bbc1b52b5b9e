import { isJsonObject, type JsonObject } from '../../kube-object.ts';
import { COMPATIBILITY_VERSIONS as BEFORE } from '../v1-31/compatibility-versions.ts';

const OLD_ZONES = { PILOT_ENABLE_AWS_ZONE_ID: 'false' };

function withOldZones(settings: JsonObject): JsonObject {
  const pilot = isJsonObject(settings['pilot']) ? settings['pilot'] : {};
  const env = isJsonObject(pilot['env']) ? pilot['env'] : {};
  return { ...settings, pilot: { ...pilot, env: { ...env, ...OLD_ZONES } } };
}

/** Chart settings that keep the behaviour of an earlier minor: those of 1.31, and what 1.32 changed. */
export const COMPATIBILITY_VERSIONS: Record<string, JsonObject> = {
  ...Object.fromEntries(Object.entries(BEFORE).map(([minor, settings]) => [minor, withOldZones(settings)])),
  '1.31': { pilot: { env: OLD_ZONES } },
};
