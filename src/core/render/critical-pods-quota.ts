import { quoted } from './quoted.ts';
import type { Json, JsonObject } from '../kube-object.ts';

/** The spec of a quota that counts only pods of priority class system-node-critical. */
export function criticalPodsQuota(pods: Json | undefined): JsonObject {
  return {
    hard: { pods: quoted(pods) },
    scopeSelector: {
      matchExpressions: [{ operator: 'In', scopeName: 'PriorityClass', values: ['system-node-critical'] }],
    },
  };
}
