import { REVISION_LABEL } from '../../api/istio-names.ts';
import { isInjectedGateway } from '../inject/injected-gateway.ts';
import { injectionWebhooksOf, selects, type PodWebhook } from '../inject/injection-webhooks.ts';
import { DEFAULT_REVISION } from '../inject/revision-path.ts';
import { isJsonObject, type KubeObject } from '../kube-object.ts';
import type { Labels } from '../label-selector.ts';
import { listSome } from '../list-some.ts';
import { plural } from '../plural.ts';
import { targetOf } from './former-target.ts';
import { podTemplateOf } from './pod-template.ts';

/** What may follow a tag. */
export interface FollowerWorld {
  /** MutatingWebhookConfigurations. */
  webhooks: readonly KubeObject[];
  namespaces: readonly KubeObject[];
  deployments: readonly KubeObject[];
  /** Gateways of Kubernetes' Gateway API. */
  gateways: readonly KubeObject[];
}

/** Who follows a tag; `namespace/name`, sorted. */
export interface TagFollowers {
  /** Deployments of gateways that an injector fills in. */
  gateways: string[];
  /** Other Deployments. */
  workloads: string[];
  /** Gateways whose pods istiod makes. */
  managed: string[];
}

/** Finds who gets another control plane when the tag moves. */
export function findTagFollowers({ webhooks, ...world }: FollowerWorld, tag: string): TagFollowers {
  const own = webhooks.filter((object) => targetOf(object)?.tag === tag).flatMap(injectionWebhooksOf);
  const labels = new Map(world.namespaces.map(({ metadata }) => [metadata.name, metadata.labels ?? {}]));
  const namespaceLabels = ({ metadata }: KubeObject): Labels => labels.get(metadata.namespace ?? '') ?? {};
  const injected = world.deployments.filter((object) =>
    own.some((hook) => takes(hook, object, namespaceLabels(object))),
  );
  const managed = world.gateways.filter(
    (object) => isManaged(object) && tagOf(object, namespaceLabels(object)) === tag,
  );
  return {
    gateways: namesOf(injected.filter(isInjectedGateway)),
    workloads: namesOf(injected.filter((object) => !isInjectedGateway(object))),
    managed: own.length === 0 ? [] : namesOf(managed),
  };
}

function takes(webhook: PodWebhook, deployment: KubeObject, namespaceLabels: Labels): boolean {
  const metadata = podTemplateOf(deployment)?.['metadata'];
  const podLabels = isJsonObject(metadata) && isJsonObject(metadata['labels']) ? (metadata['labels'] as Labels) : {};
  const { namespace = '' } = deployment.metadata;
  return selects(webhook, { namespace, namespaceLabels, podLabels });
}

/** As istiod looks for whose a Gateway is. */
function tagOf({ metadata }: KubeObject, namespaceLabels: Labels): string {
  return metadata.labels?.[REVISION_LABEL] ?? namespaceLabels[REVISION_LABEL] ?? DEFAULT_REVISION;
}

/** Of a class of Istio's, and not for pods that are there already. */
function isManaged({ spec }: KubeObject): boolean {
  const { gatewayClassName, addresses } = isJsonObject(spec) ? spec : {};
  const list = Array.isArray(addresses) ? addresses.filter(isJsonObject) : [];
  const isIstios = typeof gatewayClassName === 'string' && /^istio(-|$)/.test(gatewayClassName);
  return isIstios && !list.some(({ type }) => type === 'Hostname');
}

function namesOf(objects: readonly KubeObject[]): string[] {
  return objects.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`).sort();
}

/** What to know before the tag moves; empty where nothing is the matter. */
export function adviseTagMove({ gateways, workloads, managed }: TagFollowers, tag: string): string[] {
  const isShared = gateways.length > 0 && workloads.length > 0;
  return [
    ...(isShared
      ? [
          `tag ${tag} leads ${plural(gateways.length, 'gateway')} (${listSome(gateways)}) and ${plural(workloads.length, 'workload')} (${listSome(workloads)}): pods of both are made by the other control plane from now on; give gateways a tag of their own to move them apart`,
        ]
      : []),
    ...(managed.length > 0
      ? [
          `istiod makes the pods of ${plural(managed.length, 'Gateway')} (${listSome(managed)}) anew as soon as tag ${tag} moves, whatever a ProxyRollout says; an istiod before 1.30.2 takes the listeners of those that run away at the same moment`,
        ]
      : []),
  ];
}
