import type { JsonObject } from '../kube-object.ts';
import type { Pod, TemplateContext } from './template-context.ts';

export type PodOwner = Pick<TemplateContext, 'deploymentMeta' | 'typeMeta'>;

const CRON_JOB = /^(.+)-\d{8,10}$/s;

/** The workload behind a pod, as far as the pod itself tells. */
export function ownerOf({ metadata }: Pod): PodOwner {
  const namespace = metadata.namespace ?? '';
  const podName = metadata.name ?? '';
  const controller = hasText(metadata.generateName) ? controllerOf(metadata.ownerReferences) : undefined;
  if (!controller) {
    return { typeMeta: { apiVersion: 'v1', kind: 'Pod' }, deploymentMeta: { name: podName, namespace } };
  }
  const { name, kind, apiVersion } = workloadBehind(controller, metadata.labels ?? {});
  return { typeMeta: { apiVersion, kind }, deploymentMeta: { name: name || podName, namespace } };
}

interface Owner {
  apiVersion: string;
  kind: string;
  name: string;
}

function hasText(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

function controllerOf(references: unknown): Owner | undefined {
  if (!Array.isArray(references)) return undefined;
  const found = (references as (JsonObject | null)[]).find((reference) => reference?.controller === true);
  if (!found) return undefined;
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');
  return { apiVersion: text(found.apiVersion), kind: text(found.kind), name: text(found.name) };
}

function workloadBehind(owner: Owner, labels: Readonly<Record<string, string>>): Owner {
  const { kind, name } = owner;
  if (kind === 'ReplicaSet') {
    const deployment = withoutHash(name, labels['pod-template-hash']);
    if (deployment !== undefined) return { ...owner, name: deployment, kind: 'Deployment' };
    const rollout = withoutHash(name, labels['rollouts-pod-template-hash']);
    // Istio writes this apiVersion without the group; the owner's name in the mesh depends on it.
    if (rollout !== undefined) return { apiVersion: 'v1alpha1', name: rollout, kind: 'Rollout' };
  }
  const deploymentConfig = labels.deploymentconfig ?? '';
  if (kind === 'ReplicationController' && deploymentConfig !== '') {
    return { ...owner, name: deploymentConfig, kind: 'DeploymentConfig' };
  }
  const cronJob = kind === 'Job' ? CRON_JOB.exec(name)?.[1] : undefined;
  return cronJob === undefined ? owner : { apiVersion: 'batch/v1', name: cronJob, kind: 'CronJob' };
}

function withoutHash(name: string, hash: string | undefined): string | undefined {
  if (!hash || !name.endsWith(hash)) return undefined;
  return name.endsWith(`-${hash}`) ? name.slice(0, -hash.length - 1) : name;
}
