import { MUTUAL_TLS_MIGRATION } from '../../api/mtls/mutual-tls-migration.ts';
import { PROXY_ROLLOUT } from '../../api/rollout/proxy-rollout.ts';
import { TRAFFIC_SHIFT } from '../../api/shift/traffic-shift.ts';
import { meshOfConfigMaps } from '../analyze/mesh-of-config-maps.ts';
import type { Resource } from '../analyze/resource.ts';
import { resourceOf } from '../analyze/world-from-objects.ts';
import { groupOf, type KubeObject } from '../kube-object.ts';
import { groupBy } from '../group-by.ts';
import { findReaders } from '../inject/find-readers.ts';
import { injectionWebhooksOf, type PodWebhook } from '../inject/injection-webhooks.ts';
import type { ResourceReader } from '../istio/readers.ts';

/** A kind of which nothing is known. */
export interface UnreadKind {
  kind: string;
  /** What the API server said. */
  why: string;
}

/** The same in words. */
export function describeUnread({ kind, why }: UnreadKind): string {
  return `${kind} could not be read and counts as empty: ${why}`;
}

/** What was read of a cluster. */
export interface MeshObjects {
  /** In any order, with apiVersion and kind; IstioOperators and the kinds that go by steps among them. */
  objects: readonly KubeObject[];
  /** Kinds that could not be read: they count as empty, and whoever tells of the mesh tells that too. */
  unread: readonly UnreadKind[];
}

/** A mesh as it is in a cluster: the objects, and what several readers make of them. */
export interface MeshState extends MeshObjects {
  /** Namespace of the control planes. */
  istioNamespace: string;
  /** IstioOperators. */
  installations: readonly KubeObject[];
  /** ProxyRollouts, TrafficShifts and MutualTLSMigrations. */
  rollouts: readonly KubeObject[];
  shifts: readonly KubeObject[];
  migrations: readonly KubeObject[];
  namespaces: ReadonlyMap<string, KubeObject>;
  /** All pods, also those without a proxy. */
  pods: readonly KubeObject[];
  /** What injects, by the webhook configurations. */
  webhooks: readonly PodWebhook[];
  /** Control planes of minors that are known. */
  readers: readonly ResourceReader[];
  /** As analysis looks at them: of `MutableWorld`. The mesh configuration of the control plane is one of them. */
  resources: readonly Resource[];
}

/** Puts what was read into the order in which commands and reports ask for it. */
export function toMeshState({ objects, unread }: MeshObjects, istioNamespace: string): MeshState {
  const byKind = groupBy(objects, ({ apiVersion, kind }) => `${groupOf(apiVersion)}/${kind}`);
  const listOf = (kind: string): readonly KubeObject[] => byKind.get(kind) ?? [];
  const resources = objects.flatMap((value) => resourceOf({ value, origin: {} }, '') ?? []);
  const configMaps = listOf('/ConfigMap').filter(({ metadata }) => metadata.namespace === istioNamespace);
  return {
    objects,
    unread,
    istioNamespace,
    installations: listOf('install.istio.io/IstioOperator'),
    rollouts: listOf(`${PROXY_ROLLOUT.group}/${PROXY_ROLLOUT.kind}`),
    shifts: listOf(`${TRAFFIC_SHIFT.group}/${TRAFFIC_SHIFT.kind}`),
    migrations: listOf(`${MUTUAL_TLS_MIGRATION.group}/${MUTUAL_TLS_MIGRATION.kind}`),
    namespaces: new Map(listOf('/Namespace').map((namespace) => [namespace.metadata.name, namespace])),
    pods: listOf('/Pod'),
    webhooks: listOf('admissionregistration.k8s.io/MutatingWebhookConfiguration').flatMap((each) =>
      injectionWebhooksOf(each),
    ),
    readers: findReaders(configMaps, () => listOf('/Namespace')),
    resources: [...resources, ...meshOfConfigMaps(resources, istioNamespace)],
  };
}
