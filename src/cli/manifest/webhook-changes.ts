import { createHash } from 'node:crypto';
import { planCaBundle, planFailurePolicy, type Operation } from '../../controllers/certificates/plan-configuration.ts';
import { isJsonObject, type JsonObject, type KubeObject } from '../../core/kube-object.ts';
import type { WebhookEndpoint } from '../../core/operator-endpoint.ts';
import { cloneJson } from '../../core/values/merge.ts';
import { getAt, setAt } from '../../core/values/tree-path.ts';
import { entriesOf } from '../../core/webhook-configuration.ts';

/** What the operator keeps in webhook configurations beside what it renders. */
export interface KeptInWebhooks {
  endpoint: WebhookEndpoint;
  /** Base64 of PEM; undefined when it is not known, and nothing is kept. */
  caBundle: string | undefined;
  /** The API server was seen to get no answer: then a webhook does not become binding. */
  isUnproven: boolean;
}

/** Two views of one object. */
export interface Views {
  before: KubeObject;
  after: KubeObject;
}

/** The views with the CA bundles and failure policies that the operator puts into the configuration once it is applied. */
export function withKeptFields(
  views: Views,
  { live, applied }: { live: KubeObject; applied: KubeObject },
  { endpoint, caBundle, isUnproven }: KeptInWebhooks,
): Views {
  if (caBundle === undefined) return views;
  const policies = isUnproven ? [] : planFailurePolicy(applied, endpoint);
  const operations = [...planCaBundle(applied, endpoint, caBundle), ...policies].filter(({ op }) => op !== 'test');
  if (operations.length === 0) return views;
  const [before, after] = [views.before, views.after].map((view) => cloneJson(view as unknown as JsonObject));
  for (const operation of operations) {
    const { name, field } = fieldOf(operation, applied);
    const former = findEntry(live as unknown as JsonObject, name);
    put(before, { name, field, value: former && getAt(former, field) });
    put(after, { name, field, value: operation.op === 'remove' ? undefined : operation.value });
  }
  return { before: before as unknown as KubeObject, after: after as unknown as KubeObject };
}

function fieldOf({ path }: Operation, configuration: KubeObject): { name: string; field: string[] } {
  const [, , index, ...field] = path.split('/');
  return { name: entriesOf(configuration)[Number(index)]?.name ?? '', field };
}

function findEntry(configuration: JsonObject | undefined, name: string): JsonObject | undefined {
  const { webhooks } = configuration ?? {};
  return Array.isArray(webhooks) ? webhooks.filter(isJsonObject).find((entry) => entry['name'] === name) : undefined;
}

function put(
  view: JsonObject | undefined,
  { name, field, value }: { name: string; field: readonly string[]; value: unknown },
): void {
  const entry = findEntry(view, name);
  if (entry && typeof value === 'string')
    setAt(entry, field, field.at(-1) === 'caBundle' ? describeBundle(value) : value);
}

/** A bundle is thousands of characters, and its beginning is always the same. */
function describeBundle(bundle: string): string {
  return `${bundle.length} characters, sha256 ${createHash('sha256').update(bundle).digest('hex').slice(0, 16)}`;
}
