import type { Json, JsonObject } from '../../kube-object.ts';
import { userPart } from '../user-part.ts';
import { isTruthy, withoutNulls } from './injection-values.ts';
import type { ProxyInput } from './template-input.ts';

const PREFIX = 'sidecar.istio.io';
const CPU = `${PREFIX}/proxyCPU` as const;
const MEMORY = `${PREFIX}/proxyMemory` as const;
const CPU_LIMIT = `${PREFIX}/proxyCPULimit` as const;
const MEMORY_LIMIT = `${PREFIX}/proxyMemoryLimit` as const;

/** Resources of proxy and init container: the pod's annotations alone, if it has any, else the mesh's. */
export function proxyResources({ annotations, proxy }: ProxyInput): Json {
  const requests = amounts(annotations[CPU], annotations[MEMORY]);
  const limits = amounts(annotations[CPU_LIMIT], annotations[MEMORY_LIMIT]);
  if (requests || limits) return { ...(requests && { requests }), ...(limits && { limits }) };
  if (!isTruthy(proxy.resources)) return null;
  const resources = withoutNulls(proxy.resources);
  return resources === undefined ? null : userPart(resources, 'ResourceRequirements', 'values.global.proxy.resources');
}

function amounts(cpu: string | undefined, memory: string | undefined): JsonObject | undefined {
  if (cpu === undefined && memory === undefined) return undefined;
  return { ...(cpu !== undefined && { cpu }), ...(memory !== undefined && { memory }) };
}
