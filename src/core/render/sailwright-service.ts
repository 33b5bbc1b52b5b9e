import { SAILWRIGHT_SERVICE } from '../operator-endpoint.ts';
import type { ChartContext } from './chart.ts';

/** Whether the webhooks lead to istiod, which then looks after them itself. */
export function isAnsweredByIstiod({ form, webhookEndpoint }: ChartContext): boolean {
  return form === 'upstream' || webhookEndpoint?.answeredBy === 'istiod';
}

/** How a webhook configuration names one of the operator's paths. */
export function renderClientConfig({ webhookEndpoint }: ChartContext, path: string): object {
  const { url, namespace = SAILWRIGHT_SERVICE.namespace } = webhookEndpoint ?? {};
  if (url !== undefined) return { url: `${url.replace(/\/$/, '')}${path}` };
  return { service: { ...SAILWRIGHT_SERVICE, namespace, path } };
}
