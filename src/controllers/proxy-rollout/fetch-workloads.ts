import { SYSTEM_NAMESPACES } from '../../api/istio-names.ts';
import { ownerOf } from '../../core/inject/pod-owner.ts';
import { selects, type PodWebhook } from '../../core/inject/injection-webhooks.ts';
import { parseRevisionPath } from '../../core/inject/revision-path.ts';
import { isJsonObject, type KubeObject } from '../../core/kube-object.ts';
import { hasLabels, type LabelSelector } from '../../core/label-selector.ts';
import { podTemplateOf } from '../../core/plan/pod-template.ts';
import type { ReviewSurroundings } from '../../core/proxies/review-proxy.ts';
import { podFactsOf, type PodFacts } from '../../core/proxy-rollout/pod-facts.ts';
import type { RolloutPlan } from '../../core/proxy-rollout/read-rollout.ts';
import type { Budget, ObservedWorkload } from '../../core/proxy-rollout/workload-state.ts';
import type { KindRef, ListOptions } from '../../kube/kube-api.ts';
import type { RolloutDependencies } from './dependencies.ts';
import type { ReviewMemo } from './review-memo.ts';

const WORKLOADS: readonly KindRef[] = ['Deployment', 'StatefulSet', 'DaemonSet'].map((kind) => ({
  apiVersion: 'apps/v1',
  kind,
}));
const PODS = { apiVersion: 'v1', kind: 'Pod' };
const BUDGETS = { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget' };

/** What a rollout looks at. */
export interface RolloutScope {
  /** Namespace of the ProxyRollout. */
  home: string;
  plan: RolloutPlan;
  webhooks: readonly PodWebhook[];
  reviews: ReviewMemo;
}

/** What was read of the workloads of a rollout. */
export interface FetchedWorkloads {
  workloads: ObservedWorkload[];
  budgets: ReadonlyMap<string, readonly Budget[]>;
  /** Paths of the webhooks that inject them. */
  paths: ReadonlySet<string>;
}

/** How pods are reviewed, by what is known now. */
export function surroundingsOf({ configs }: RolloutDependencies, webhooks: readonly PodWebhook[]): ReviewSurroundings {
  return {
    webhooks,
    namespaceOf: (name) => configs.namespaceOf(name),
    configOf: ({ path }) => {
      const { revision, namespace } = parseRevisionPath(path);
      return configs.configOf(revision, namespace);
    },
  };
}

/**
 * Reads the workloads that have proxies of the target, with their pods. Of a pod no more is kept than what is made of
 * it as it comes. Rejects with ApiError.
 */
export async function fetchWorkloads(deps: RolloutDependencies, scope: RolloutScope): Promise<FetchedWorkloads> {
  const namespaces = findNamespaces(deps, scope);
  const only: ListOptions = namespaces.size === 1 ? { namespace: [...namespaces][0] ?? '' } : {};
  const isIn = (object: KubeObject): boolean => namespaces.has(object.metadata.namespace ?? '');
  const found = new Map<string, Found>();
  const paths = new Set<string>();
  for (const kind of WORKLOADS) {
    const reduce = (object: KubeObject): KubeObject | undefined =>
      isIn(object) && isChosen(deps, scope, { ...object, ...kind })
        ? withoutManagers({ ...object, ...kind })
        : undefined;
    const { items } = await deps.api.list(kind, { ...only, reduce });
    for (const object of items) {
      found.set(keyOf(object.kind, object), { object, pods: new Map() });
      const webhook = webhookFor(deps, scope.webhooks, object);
      if (webhook) paths.add(webhook.path);
    }
  }
  await readPods(deps, scope, { only, isIn, found });
  const workloads = [...found.values()]
    .map(({ object, pods }) => ({ object, pods: [...pods.values()] }))
    .filter(({ pods }) => pods.some(({ review }) => review !== undefined));
  workloads.sort((a, b) => (keyOf(a.object.kind, a.object) < keyOf(b.object.kind, b.object) ? -1 : 1));
  return { workloads, budgets: await fetchBudgets(deps, only, isIn), paths };
}

function findNamespaces(deps: RolloutDependencies, { home, plan }: RolloutScope): Set<string> {
  const { namespaces } = plan;
  if (!namespaces) return new Set([home]);
  const isLeftOut = (name: string): boolean => name === deps.operatorNamespace || SYSTEM_NAMESPACES.includes(name);
  const chosen = deps.configs
    .listNamespaces()
    .filter(({ metadata }) => namespaces.names?.has(metadata.name) ?? true)
    .filter(({ metadata }) => hasLabels(metadata.labels ?? {}, namespaces.labels))
    .map(({ metadata }) => metadata.name);
  return new Set(chosen.filter((name) => !isLeftOut(name)));
}

/** Whether the rollout takes the workload: by its labels, and by whose injector makes its pods. */
function isChosen(deps: RolloutDependencies, { plan, webhooks }: RolloutScope, object: KubeObject): boolean {
  if (!hasLabels(object.metadata.labels ?? {}, plan.labels)) return false;
  const target = plan.target.tag ?? plan.target.revision;
  return target === undefined || webhookFor(deps, webhooks, object)?.revisions.includes(target) === true;
}

function webhookFor(
  { configs }: RolloutDependencies,
  webhooks: readonly PodWebhook[],
  object: KubeObject,
): PodWebhook | undefined {
  const { namespace = '' } = object.metadata;
  const metadata = podTemplateOf(object)?.['metadata'];
  const labels = isJsonObject(metadata) && isJsonObject(metadata['labels']) ? metadata['labels'] : {};
  const namespaceLabels = configs.namespaceOf(namespace)?.metadata.labels ?? {};
  const target = { namespace, namespaceLabels, podLabels: labels as Record<string, string> };
  return webhooks.find((webhook) => selects(webhook, target));
}

function withoutManagers(object: KubeObject): KubeObject {
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...object, metadata };
}

/** A workload as its pods come in; by UID, since pages may come twice. */
interface Found {
  object: KubeObject;
  pods: Map<string, PodFacts>;
}

interface PodReading {
  only: ListOptions;
  isIn: (object: KubeObject) => boolean;
  found: Map<string, Found>;
}

async function readPods(
  deps: RolloutDependencies,
  scope: RolloutScope,
  { only, isIn, found }: PodReading,
): Promise<void> {
  const surroundings = surroundingsOf(deps, scope.webhooks);
  scope.reviews.beginLook(scope.webhooks);
  const now = deps.now();
  const reduce = (pod: KubeObject): undefined => {
    if (!isIn(pod)) return undefined;
    const { typeMeta, deploymentMeta } = ownerOf({ metadata: pod.metadata, spec: {} });
    const key = keyOf(typeMeta.kind, { metadata: { ...pod.metadata, name: deploymentMeta.name } });
    const workload = found.get(key) ?? addOrphan({ scope, found, key }, pod, typeMeta);
    if (!workload) return undefined;
    const owner = podTemplateOf(workload.object) ? workload.object : undefined;
    const facts = podFactsOf(pod, scope.reviews.review({ ...pod, ...PODS }, owner, surroundings), now);
    workload.pods.set(facts.uid, facts);
    return undefined;
  };
  await deps.api.list(PODS, { ...only, reduce });
}

/** A pod of no workload that was read: what has a proxy is listed, though nobody can renew it. */
function addOrphan(
  { scope, found, key }: { scope: RolloutScope; found: Map<string, Found>; key: string },
  pod: KubeObject,
  { apiVersion, kind }: { apiVersion: string; kind: string },
): Found | undefined {
  const { namespace = '', labels = {} } = pod.metadata;
  const isWorkload = WORKLOADS.some((each) => each.kind === kind);
  const hasTarget = scope.plan.target.tag !== undefined || scope.plan.target.revision !== undefined;
  // Of a workload that the rollout does not take, and of whom nothing tells the revision.
  if (isWorkload || hasTarget || !hasLabels(labels, scope.plan.labels)) return undefined;
  const { deploymentMeta } = ownerOf({ metadata: pod.metadata, spec: {} });
  const object = { apiVersion, kind, metadata: { name: deploymentMeta.name, namespace, labels } };
  const orphan = { object, pods: new Map<string, PodFacts>() };
  found.set(key, orphan);
  return orphan;
}

async function fetchBudgets(
  { api }: RolloutDependencies,
  only: ListOptions,
  isIn: (object: KubeObject) => boolean,
): Promise<Map<string, Budget[]>> {
  const budgets = new Map<string, Budget[]>();
  const { items } = await api.list(BUDGETS, { ...only, reduce: (object) => (isIn(object) ? object : undefined) });
  for (const { metadata, spec, status } of items) {
    const { disruptionsAllowed = 0 } = isJsonObject(status) ? status : {};
    const selector = isJsonObject(spec) ? (spec['selector'] as LabelSelector | undefined) : undefined;
    const { namespace = '', name } = metadata;
    const of = budgets.get(namespace) ?? [];
    budgets.set(namespace, [...of, { name, selector: selector ?? {}, allowed: Number(disruptionsAllowed) }]);
  }
  return budgets;
}

function keyOf(kind: string, { metadata }: Pick<KubeObject, 'metadata'>): string {
  return `${metadata.namespace ?? ''}/${kind}/${metadata.name}`;
}
