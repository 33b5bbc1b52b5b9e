import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { KubeObject } from '../../../src/core/kube-object.ts';

const FILE = join(import.meta.dirname, '../../../config/webhook/istio-operator-webhook.yaml');

/** config/webhook's configuration, for an operator beside the cluster. */
export function istioOperatorWebhook(url: string): KubeObject {
  const configuration = parse(readFileSync(FILE, 'utf8')) as KubeObject;
  const webhooks = configuration['webhooks'] as object[];
  return {
    ...configuration,
    metadata: { name: 'test-istiooperator' },
    webhooks: webhooks.map((entry) => ({ ...entry, clientConfig: { url: `${url}/validate-istiooperator` } })),
  };
}
