import type { JsonObject } from '../../kube-object.ts';
import { COMPATIBILITY_VERSIONS as NEXT } from '../v1-31/compatibility-versions.ts';

/** Variables that 1.30 does not know yet. */
const LATER = new Set(['PILOT_ENABLE_STRICT_GATEWAY_MERGING', 'PILOT_AUTO_SEND_UNHEALTHY_ENDPOINTS']);

interface Settings extends JsonObject {
  pilot: { env: JsonObject };
}

function withoutLater(settings: JsonObject): JsonObject {
  const { pilot, ...others } = settings as Settings;
  const env = Object.fromEntries(Object.entries(pilot.env).filter(([name]) => !LATER.has(name)));
  return { pilot: { env }, ...others };
}

/** Chart settings that keep the behaviour of an earlier minor: as in 1.31, up to 1.29 and without later variables. */
export const COMPATIBILITY_VERSIONS: Record<string, JsonObject> = Object.fromEntries(
  Object.entries(NEXT)
    .filter(([minor]) => minor !== '1.30')
    .map(([minor, settings]) => [minor, withoutLater(settings)]),
);
