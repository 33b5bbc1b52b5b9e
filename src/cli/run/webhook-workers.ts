import { UsageError } from '../shell/usage-error.ts';

/** One thread takes calls in for two that inject: more would have little to do, and each takes memory. */
export const MAX_USUAL_WORKERS = 3;
const MAX_WORKERS = 16;

/** How many threads answer the webhooks unless told: one processor stays for the rest of the operator. */
export function usualWebhookWorkers(processors: number): number {
  return Math.max(1, Math.min(processors - 1, MAX_USUAL_WORKERS));
}

/** How many threads answer the webhooks. @throws UsageError */
export function parseWebhookWorkers(text: string | undefined, processors: number): number {
  if (text === undefined) return usualWebhookWorkers(processors);
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= MAX_WORKERS) return count;
  throw new UsageError(`--webhook-workers must be a number from 1 to ${MAX_WORKERS}, got "${text}"`);
}
