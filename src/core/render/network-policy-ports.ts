import type { Json, JsonObject } from '../kube-object.ts';

/** One ingress rule that admits TCP from anywhere to these ports. */
export function admitTcp(...ports: Json[]): JsonObject {
  return { ports: ports.map((port) => ({ protocol: 'TCP', port })) };
}
