import { displayName, isJsonObject, refOf, type Json, type JsonObject, type KubeObject } from '../kube-object.ts';
import type { PrecheckFacts } from './facts.ts';
import type { PrecheckFinding } from './finding.ts';

/** Whether the mesh has room for a restart of its parts, and runs at all. */
export function checkWorkloads({ workloads }: PrecheckFacts): PrecheckFinding[] {
  return workloads.flatMap((object): PrecheckFinding[] => {
    const check = CHECKS[object.kind];
    return check ? check(object) : [];
  });
}

const CHECKS: Readonly<Record<string, (object: KubeObject) => PrecheckFinding[]>> = {
  Deployment: checkDeployment,
  HorizontalPodAutoscaler: checkAutoscaler,
  PodDisruptionBudget: checkBudget,
};

function checkDeployment(object: KubeObject): PrecheckFinding[] {
  const { replicas = 1 } = part(object, 'spec');
  const { availableReplicas = 0 } = part(object, 'status');
  if (!isBelow(availableReplicas, replicas)) return [];
  const message = `${nameOf(object)} has ${text(availableReplicas)} of ${text(replicas)} pods available`;
  const hint = 'see what keeps them, unless the upgrade is what mends them';
  return [{ code: 'WorkloadNotReady', level: 'warning', message, hint }];
}

function checkAutoscaler(object: KubeObject): PrecheckFinding[] {
  const { maxReplicas = 0, minReplicas = 1 } = part(object, 'spec');
  const { currentReplicas = 0 } = part(object, 'status');
  // One that has no room by choice has none afterwards either.
  if (isBelow(currentReplicas, maxReplicas) || !isBelow(minReplicas, maxReplicas)) return [];
  const message = `${nameOf(object)} is at its limit of ${text(maxReplicas)} pods`;
  const hint = 'raise maxReplicas, or upgrade while there is less to do';
  return [{ code: 'AutoscalerFull', level: 'warning', message, hint }];
}

function checkBudget(object: KubeObject): PrecheckFinding[] {
  const { disruptionsAllowed, expectedPods = 0 } = part(object, 'status');
  if (disruptionsAllowed !== 0 || expectedPods === 0) return [];
  const message = `${nameOf(object)} lets no pod be evicted now`;
  return [{ code: 'DisruptionsBlocked', level: 'warning', message, hint: 'drain no node meanwhile, or add replicas' }];
}

function part(object: KubeObject, name: string): JsonObject {
  const value = object[name];
  return isJsonObject(value) ? value : {};
}

function isBelow(value: Json | undefined, limit: Json | undefined): boolean {
  return typeof value === 'number' && typeof limit === 'number' && value < limit;
}

function text(value: Json): string {
  return typeof value === 'number' ? String(value) : '?';
}

function nameOf(object: KubeObject): string {
  return displayName(refOf(object));
}
