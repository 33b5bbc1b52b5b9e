/** The service in front of this operator's admission webhooks (config/webhook). */
export const SAILWRIGHT_SERVICE = { name: 'sailwright-webhook', namespace: 'sailwright-system', port: 443 } as const;

export const INJECT_PATH = '/inject';
export const VALIDATE_PATH = '/validate';

/**
 * What the API server does while the webhook does not answer. `Ignore`: pods and configuration must not be blocked by
 * an endpoint that nobody has seen working; the webhook server's controller switches to `Fail` once it has proven that
 * the endpoint answers.
 */
export const INITIAL_FAILURE_POLICY = 'Ignore';
