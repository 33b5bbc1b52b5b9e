import { REVISION_LABEL } from '../../../api/istio-names.ts';
import { RELEASE_NAME, bareLabel, standardLabels } from '../labels.ts';
import { renderStableChannelPolicy } from '../stable-channel-policy.ts';
import { renderValidationWebhook, validationAnnotations } from '../validating-webhook.ts';
import { str, valueAt } from '../../values/value-tree.ts';
import type { ChartContext } from '../chart.ts';
import type { KubeObject } from '../../kube-object.ts';

function labels(context: ChartContext, revision: string): Record<string, string> {
  return {
    release: RELEASE_NAME,
    istio: 'istiod',
    [REVISION_LABEL]: revision,
    'app.kubernetes.io/name': 'istiod',
    ...standardLabels(context, 'base'),
  };
}

/** Validates configuration without a revision label, by the istiod of the default revision. */
export function renderDefaultValidatingWebhook(context: ChartContext): KubeObject {
  const revision = str(context.values, 'defaultRevision');
  const endpoint = {
    name: 'validation.istio.io',
    service: revision === 'default' ? 'istiod' : `istiod-${revision}`,
    namespace: str(context.values, 'global.istioNamespace'),
  };
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingWebhookConfiguration',
    metadata: {
      name: 'istiod-default-validator',
      labels: { app: 'istiod', ...labels(context, revision) },
      ...validationAnnotations(context),
    },
    webhooks: [renderValidationWebhook(context, endpoint)],
  };
}

/** Holds all configuration to the stable channel. */
export function renderDefaultRevisionPolicy(context: ChartContext): KubeObject[] {
  return renderStableChannelPolicy({
    name: 'stable-channel-default-policy.istio.io',
    bindingName: 'stable-channel-default-policy-binding.istio.io',
    labels: labels(context, bareLabel(context, valueAt(context.values, 'defaultRevision'))),
  });
}
