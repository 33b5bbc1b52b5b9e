import {
  INJECT_LABEL,
  NAMESPACE_INJECTION_LABEL,
  REVISION_LABEL,
  SYSTEM_NAMESPACES,
  TAG_LABEL,
  USUAL_NAMESPACE,
} from '../../../api/istio-names.ts';
import { revisionPath } from '../../inject/revision-path.ts';
import { ownershipLabels, revisionLabel, revisionOf } from '../labels.ts';
import { INITIAL_FAILURE_POLICY, SAILWRIGHT_SERVICE } from '../../operator-endpoint.ts';
import { isAnsweredByIstiod, renderClientConfig } from '../sailwright-service.ts';
import { userTexts } from '../quoted.ts';
import { entryIf, isOn, objectAt, printed, str, valueAt } from '../../values/value-tree.ts';
import { istiodName, nameLabels } from './identity.ts';
import type { ChartContext } from '../chart.ts';
import type { KubeObject } from '../../kube-object.ts';

interface Requirement {
  key: string;
  operator: 'In' | 'NotIn' | 'DoesNotExist';
  values?: string[];
}

const isIn = (key: string, ...values: string[]): Requirement => ({ key, operator: 'In', values });
const isNotIn = (key: string, ...values: string[]): Requirement => ({ key, operator: 'NotIn', values });
const isAbsent = (key: string): Requirement => ({ key, operator: 'DoesNotExist' });
const NAMESPACE_NAME = 'kubernetes.io/metadata.name';

/** Which pods a webhook is called for: requirements on the namespace and on the pod. */
interface Selection {
  prefix: string;
  namespace: Requirement[];
  pod: Requirement[];
}

function revisionSelections(revision: string): Selection[] {
  return [
    {
      prefix: 'rev.namespace.',
      namespace: [isIn(REVISION_LABEL, revision), isAbsent(NAMESPACE_INJECTION_LABEL)],
      pod: [isNotIn(INJECT_LABEL, 'false')],
    },
    {
      prefix: 'rev.object.',
      namespace: [isAbsent(REVISION_LABEL), isAbsent(NAMESPACE_INJECTION_LABEL)],
      pod: [isNotIn(INJECT_LABEL, 'false'), isIn(REVISION_LABEL, revision)],
    },
  ];
}

/** Labels without a revision belong to the default revision. */
function defaultSelections(context: ChartContext): Selection[] {
  const unlabelled = [isAbsent(NAMESPACE_INJECTION_LABEL), isAbsent(REVISION_LABEL)];
  const selections: Selection[] = [
    {
      prefix: 'namespace.',
      namespace: [isIn(NAMESPACE_INJECTION_LABEL, 'enabled')],
      pod: [isNotIn(INJECT_LABEL, 'false')],
    },
    { prefix: 'object.', namespace: unlabelled, pod: [isIn(INJECT_LABEL, 'true'), isAbsent(REVISION_LABEL)] },
  ];
  if (isOn(context.values, 'sidecarInjectorWebhook.enableNamespacesByDefault')) {
    selections.push({
      prefix: 'auto.',
      namespace: [...unlabelled, isNotIn(NAMESPACE_NAME, ...SYSTEM_NAMESPACES)],
      pod: [isAbsent(INJECT_LABEL), isAbsent(REVISION_LABEL)],
    });
  }
  return selections;
}

/**
 * The operator's own pods start without asking the operator, and the cluster's without asking anybody: the webhook
 * must not stand in the way of what it needs to answer.
 */
function namespaceSelector(context: ChartContext, { namespace }: Selection): Requirement[] {
  if (context.form === 'upstream') return namespace;
  const own = context.webhookEndpoint?.namespace ?? SAILWRIGHT_SERVICE.namespace;
  const named = namespace.find(({ key }) => key === NAMESPACE_NAME);
  const others = namespace.filter((requirement) => requirement !== named);
  return [...others, isNotIn(NAMESPACE_NAME, ...(named?.values ?? ['kube-system']), own)];
}

function clientConfig(context: ChartContext): object {
  const { values } = context;
  const bundle = isOn(values, 'istiodRemote.injectionCABundle')
    ? { caBundle: printed(valueAt(values, 'istiodRemote.injectionCABundle')) }
    : {};
  if (isOn(values, 'istiodRemote.injectionURL')) return { url: str(values, 'istiodRemote.injectionURL'), ...bundle };
  if (!isAnsweredByIstiod(context)) {
    const control = { revision: revisionOf(context), namespace: context.namespace };
    return renderClientConfig(context, revisionPath(control, str(values, 'istiodRemote.injectionPath')));
  }
  const path = str(values, 'istiodRemote.injectionPath');
  return { service: { name: istiodName(context), namespace: context.namespace, path, port: 443 }, ...bundle };
}

function injectionWebhook(context: ChartContext, selection: Selection): object {
  return {
    name: `${selection.prefix}sidecar-injector.istio.io`,
    clientConfig: clientConfig(context),
    sideEffects: 'None',
    rules: [{ operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['pods'] }],
    failurePolicy: isAnsweredByIstiod(context) ? 'Fail' : INITIAL_FAILURE_POLICY,
    reinvocationPolicy: str(context.values, 'sidecarInjectorWebhook.reinvocationPolicy'),
    admissionReviewVersions: ['v1'],
    namespaceSelector: { matchExpressions: namespaceSelector(context, selection) },
    objectSelector: { matchExpressions: selection.pod },
  };
}

function renderInjectionConfiguration(
  context: ChartContext,
  name: string,
  extraLabels: Record<string, string>,
  selections: Selection[],
): KubeObject {
  // The namespace is part of the name, except in the usual one: these objects are cluster-scoped.
  const suffix = context.namespace === USUAL_NAMESPACE ? '' : `-${context.namespace}`;
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'MutatingWebhookConfiguration',
    metadata: {
      name: `${name}${suffix}`,
      labels: {
        ...ownershipLabels(context, 'Pilot'),
        app: 'sidecar-injector',
        release: 'istio',
        ...nameLabels(context),
        ...extraLabels,
      },
      ...entryIf('annotations', userTexts(context, objectAt(context.values, 'sidecarInjectorWebhookAnnotations'))),
    },
    webhooks: selections.map((selection) => injectionWebhook(context, selection)),
  };
}

/** Injects the pods of this revision. */
export function renderMutatingWebhook(context: ChartContext): KubeObject {
  const revision = revisionOf(context);
  const selections = [
    ...revisionSelections(revisionLabel(context)),
    ...(revision === '' ? defaultSelections(context) : []),
  ];
  return renderInjectionConfiguration(context, `istio-sidecar-injector${revision && `-${revision}`}`, {}, selections);
}

/** Injects the pods that ask for a revision by a tag; the tag `default` also serves labels without a revision. */
export function renderTagWebhook(context: ChartContext, tag: string): KubeObject {
  const selections = [...revisionSelections(tag), ...(tag === 'default' ? defaultSelections(context) : [])];
  return renderInjectionConfiguration(context, `istio-revision-tag-${tag}`, { [TAG_LABEL]: tag }, selections);
}
