import { COMPONENT_LABEL, MANAGED_LABEL } from '../../api/our-names.ts';
import { GATEWAY_NAME_LABEL, REVISION_LABEL, TAG_LABEL } from '../../api/istio-names.ts';
import { injectionWebhooksOf, selects, type PodWebhook } from '../inject/injection-webhooks.ts';
import { revisionOfPod } from '../inject/pod-revision.ts';
import { displayName, isJsonObject, objectKey, refOf, type KubeObject } from '../kube-object.ts';
import { isSelected } from '../label-selector.ts';
import { listSome } from '../list-some.ts';

/** What is about to be removed, and who may need it. */
export interface RevisionUseInput {
  /** Live objects that go. */
  removed: readonly KubeObject[];
  /** Every MutatingWebhookConfiguration. */
  webhooks: readonly KubeObject[];
  namespaces: readonly KubeObject[];
  /** At least every pod with a label `istio.io/rev`. */
  pods: readonly KubeObject[];
  /** At least every Deployment with a label `istio.io/rev`. */
  deployments: readonly KubeObject[];
}

/** Who uses a revision that is about to be removed; names, sorted. */
export interface RevisionUsers {
  /** Whose labels ask for injection that nothing else does. */
  namespaces: string[];
  /** `namespace/name` of pods with a proxy of a control plane that goes. */
  pods: string[];
  /** Webhook configurations of others that lead to such a control plane. */
  tags: string[];
  /** Gateways of others that such a control plane configures. */
  gateways: string[];
}
const GATEWAY_COMPONENTS = new Set(['IngressGateways', 'EgressGateways']);

/** Whether the removal of an object can leave users behind: control planes and injection webhooks. */
export function isUsedByRevision(object: KubeObject): boolean {
  return isControlPlane(object) || object.kind === 'MutatingWebhookConfiguration';
}

function isControlPlane({ kind, metadata }: KubeObject): boolean {
  return kind === 'Deployment' && metadata.labels?.[COMPONENT_LABEL] === 'Pilot';
}

/** Finds who would be left without injection or without a control plane. */
export function findRevisionUsers(input: RevisionUseInput): RevisionUsers {
  const gone = new Set(input.removed.map((object) => objectKey(refOf(object))));
  const revisions = new Set(
    input.removed.filter(isControlPlane).map(({ metadata }) => metadata.labels?.[REVISION_LABEL] ?? 'default'),
  );
  const stays = (object: KubeObject): boolean => !gone.has(objectKey(refOf(object)));
  const isOf = ({ metadata }: KubeObject): boolean => revisions.has(metadata.labels?.[REVISION_LABEL] ?? '');
  const isOwn = podSelection(input.removed);
  return {
    namespaces: findNamespaces(input, stays),
    pods: input.pods
      .filter((pod) => revisions.has(revisionOfPod(pod) ?? '') && !isOwn(pod))
      .map(({ metadata }) => `${metadata.namespace}/${metadata.name}`)
      .sort(),
    tags: namesOf(
      input.webhooks.filter((object) => object.metadata.labels?.[TAG_LABEL] && isOf(object) && stays(object)),
    ),
    gateways: namesOf(input.deployments.filter((object) => isGateway(object) && isOf(object) && stays(object))),
  };
}

function findNamespaces(
  { removed, webhooks, namespaces }: RevisionUseInput,
  stays: (object: KubeObject) => boolean,
): string[] {
  const lost = removed.flatMap(injectionWebhooksOf);
  const left = webhooks.filter(stays).flatMap(injectionWebhooksOf);
  return (
    namespaces
      // A namespace that an operator made did not choose its labels.
      .filter(({ metadata }) => metadata['deletionTimestamp'] === undefined && !metadata.labels?.[MANAGED_LABEL])
      .filter((namespace) => lost.some((webhook) => isAskedBy(webhook, namespace)))
      .filter((namespace) => !left.some((webhook) => isAskedBy(webhook, namespace)))
      .map(({ metadata }) => metadata.name)
      .sort()
  );
}

/** Whether the namespace's own labels make the webhook take its pods; a webhook that takes pods of any is not asked. */
function isAskedBy(webhook: PodWebhook, { metadata }: KubeObject): boolean {
  const takes = (namespaceLabels: Readonly<Record<string, string>>): boolean =>
    selects(webhook, { namespace: metadata.name, namespaceLabels, podLabels: {} });
  return takes(metadata.labels ?? {}) && !takes({});
}

/** The pods of Deployments that go themselves. */
function podSelection(removed: readonly KubeObject[]): (pod: KubeObject) => boolean {
  const workloads = removed.flatMap(({ metadata, spec }) => {
    const selector = isJsonObject(spec) ? spec['selector'] : undefined;
    return isJsonObject(selector) && selector['matchLabels'] !== undefined
      ? [{ namespace: metadata.namespace, selector: selector }]
      : [];
  });
  return ({ metadata }) =>
    workloads.some(
      ({ namespace, selector }) => namespace === metadata.namespace && isSelected(metadata.labels ?? {}, selector),
    );
}

function isGateway({ metadata }: KubeObject): boolean {
  const { labels = {} } = metadata;
  return GATEWAY_COMPONENTS.has(labels[COMPONENT_LABEL] ?? '') || labels[GATEWAY_NAME_LABEL] !== undefined;
}

function namesOf(objects: readonly KubeObject[]): string[] {
  return objects.map((object) => displayName(refOf(object))).sort();
}

/** The users in a sentence for a person; empty when there are none. */
export function describeRevisionUsers({ namespaces, pods, tags, gateways }: RevisionUsers): string {
  const some = (names: readonly string[], what: string): string[] =>
    names.length > 0 ? [`${names.length} ${names.length === 1 ? what : `${what}s`} (${listSome(names)})`] : [];
  return [
    ...some(namespaces, 'namespace'),
    ...some(pods, 'pod'),
    ...some(tags, 'tag'),
    ...some(gateways, 'gateway'),
  ].join(', ');
}
