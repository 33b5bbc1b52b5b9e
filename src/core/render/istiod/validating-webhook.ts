import { REVISION_LABEL } from '../../../api/istio-names.ts';
import { revisionLabel, revisionSuffix } from '../labels.ts';
import { renderStableChannelPolicy } from '../stable-channel-policy.ts';
import { renderValidationWebhook, validationAnnotations } from '../validating-webhook.ts';
import { istiodName, istioNamespace, nameLabels } from './identity.ts';
import { isOn } from '../../values/value-tree.ts';
import type { ChartContext } from '../chart.ts';
import type { KubeObject } from '../../kube-object.ts';

function revisionSelector(context: ChartContext): object {
  return { matchExpressions: [{ key: REVISION_LABEL, operator: 'In', values: [revisionLabel(context)] }] };
}

/** Validates configuration that is labelled with this revision. */
export function renderValidatingWebhook(context: ChartContext): KubeObject {
  const namespace = istioNamespace(context);
  const endpoint = { name: 'rev.validation.istio.io', service: istiodName(context), namespace };
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingWebhookConfiguration',
    metadata: {
      name: `istio-validator${revisionSuffix(context)}-${namespace}`,
      labels: {
        app: 'istiod',
        release: 'istio',
        istio: 'istiod',
        [REVISION_LABEL]: revisionLabel(context),
        ...nameLabels(context),
      },
      ...validationAnnotations(context),
    },
    webhooks: [
      renderValidationWebhook(context, endpoint, revisionSelector(context)),
      ...renderUnlabelled(context, endpoint),
    ],
  };
}

/** Holds configuration of this revision to the stable channel. */
export function renderRevisionPolicy(context: ChartContext): KubeObject[] {
  const tail = `${revisionSuffix(context)}-${istioNamespace(context)}.istio.io`;
  return renderStableChannelPolicy({
    name: `stable-channel-policy${tail}`,
    bindingName: `stable-channel-policy-binding${tail}`,
    labels: nameLabels(context),
    objectSelector: revisionSelector(context),
  });
}

/**
 * Configuration without a revision is validated as well: Istio's tool makes this webhook after the installation, and
 * the base chart when there is a default revision.
 */
function renderUnlabelled(context: ChartContext, endpoint: { service: string; namespace: string }): object[] {
  const { form, values } = context;
  const isElsewhere = isOn(values, 'base.validationURL') || isOn(values, 'defaultRevision');
  if (form !== 'sailwright' || isElsewhere) return [];
  const selector = { matchExpressions: [{ key: REVISION_LABEL, operator: 'DoesNotExist' }] };
  return [renderValidationWebhook(context, { ...endpoint, name: 'validation.istio.io' }, selector)];
}
