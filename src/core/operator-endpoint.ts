/** The service in front of this operator's admission webhooks (config/webhook). */
export const SAILWRIGHT_SERVICE = { name: 'sailwright-webhook', namespace: 'sailwright-system', port: 443 } as const;

export const VALIDATE_PATH = '/validate';

/** Where the API server finds the operator's webhooks, when it is not the Service of config/webhook. */
export interface WebhookEndpoint {
  /** Namespace of that Service. */
  namespace?: string;
  /** Instead of the Service: `https://host:port`, for an operator that runs outside of the cluster. */
  url?: string;
  /** Istiod answers the webhooks of this control plane by itself: what is left when the operator goes. */
  answeredBy?: 'istiod';
}

/**
 * What the API server does while the webhook does not answer. `Ignore`: pods and configuration must not be blocked by
 * an endpoint that nobody has seen working; the webhook server's controller switches to `Fail` once it has proven that
 * the endpoint answers.
 */
export const INITIAL_FAILURE_POLICY = 'Ignore';
