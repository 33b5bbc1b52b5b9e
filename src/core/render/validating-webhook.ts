import { FAILURE_POLICY_ANNOTATION } from '../../api/our-names.ts';
import { bareLabel } from './labels.ts';
import { bare, isOn, printed, valueAt } from '../values/value-tree.ts';
import { INITIAL_FAILURE_POLICY, VALIDATE_PATH } from '../operator-endpoint.ts';
import { isAnsweredByIstiod, renderClientConfig } from './sailwright-service.ts';
import { CONFIGURATION_RULE } from './stable-channel-policy.ts';
import type { ChartContext } from './chart.ts';

interface Endpoint {
  /** The webhook's name. */
  name: string;
  /** istiod's service, for upstream's form. */
  service: string;
  namespace: string;
}

function clientConfig(context: ChartContext, endpoint: Endpoint): object {
  const { values } = context;
  const bundle = isOn(values, 'base.validationCABundle')
    ? { caBundle: printed(valueAt(values, 'base.validationCABundle')) }
    : {};
  if (isOn(values, 'base.validationURL'))
    return { url: bareLabel(context, valueAt(values, 'base.validationURL')), ...bundle };
  if (!isAnsweredByIstiod(context)) return renderClientConfig(context, VALIDATE_PATH);
  return { service: { name: endpoint.service, namespace: endpoint.namespace, path: '/validate' }, ...bundle };
}

/** A bundle given by the user means that nobody needs to wait for istiod to fill it in. */
function failurePolicy(context: ChartContext): unknown {
  const { values } = context;
  const ours = !isAnsweredByIstiod(context) && !isOn(values, 'base.validationURL');
  if (!ours && isOn(values, 'base.validationCABundle')) return 'Fail';
  const chosen = valueAt(values, 'base.validationFailurePolicy');
  return isOn(values, 'base.validationFailurePolicy') ? bare(chosen) : INITIAL_FAILURE_POLICY;
}

/** Annotations of a configuration with one of our webhooks. */
export function validationAnnotations(context: ChartContext): { annotations?: Record<string, string> } {
  const isChosen = !isAnsweredByIstiod(context) && isOn(context.values, 'base.validationFailurePolicy');
  return isChosen ? { annotations: { [FAILURE_POLICY_ANNOTATION]: 'fixed' } } : {};
}

/** One webhook that validates Istio's configuration. */
export function renderValidationWebhook(context: ChartContext, endpoint: Endpoint, objectSelector?: object): object {
  return {
    name: endpoint.name,
    clientConfig: clientConfig(context, endpoint),
    rules: [CONFIGURATION_RULE],
    failurePolicy: failurePolicy(context),
    sideEffects: 'None',
    admissionReviewVersions: ['v1'],
    ...(objectSelector ? { objectSelector } : {}),
  };
}
