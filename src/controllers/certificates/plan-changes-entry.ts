import { isEqual } from '../../core/json-equality.ts';
import type { JsonObject, KubeObject } from '../../core/kube-object.ts';
import { INITIAL_FAILURE_POLICY, type WebhookEndpoint } from '../../core/operator-endpoint.ts';
import { entriesOf, isForDeletions, isOurs, type WebhookEntry } from '../../core/webhook-configuration.ts';
import { guarded, type Operation } from './plan-configuration.ts';

const NAME = 'istiooperator.sailwright.dev';
const GROUP = 'install.istio.io';

/** Finalizers, annotations and labels can be changed while nobody answers. */
const SPEC_CHANGES = [
  "request.operation != 'UPDATE'",
  'has(object.spec) != has(oldObject.spec)',
  '(has(object.spec) && object.spec != oldObject.spec)',
].join(' || ');

/**
 * Puts the entry that judges new and changed IstioOperators beside the one for deletions, which installs and removes the
 * configuration (config/webhook), or brings it back to what it should be. Its failure policy changes while the operator
 * runs: if whoever installs the operator held the entry too, each apply would turn that back or end in a conflict.
 */
export function planChangesEntry(configuration: KubeObject, endpoint: WebhookEndpoint): Operation[] {
  const entries = entriesOf(configuration);
  const forDeletions = entries.find((entry) => isOurs(entry, endpoint) && isForDeletions(entry) && isForUs(entry));
  if (!forDeletions) return [];
  const wanted = renderEntry(forDeletions);
  const index = entries.findIndex(({ name }) => name === NAME);
  const live = entries[index] as unknown as JsonObject | undefined;
  if (!live) return guarded(configuration, [{ op: 'add', path: '/webhooks/0', value: withPolicy(wanted) }]);
  const operations = Object.entries(wanted)
    .filter(([key, value]) => !isEqual(value, key === 'clientConfig' ? clientConfigOf(entries[index]) : live[key]))
    .map(([key, value]): Operation => ({ op: 'add', path: `/webhooks/${index}/${key}`, value }));
  return guarded(configuration, operations);
}

function isForUs({ rules = [] }: WebhookEntry): boolean {
  return rules.every(({ apiGroups }) => apiGroups?.every((group) => group === GROUP));
}

/** Without the bundle, which is written by itself. */
function clientConfigOf(entry: WebhookEntry | undefined): JsonObject {
  const { caBundle: _, ...rest } = entry?.clientConfig ?? {};
  return rest;
}

function withPolicy(entry: JsonObject): JsonObject {
  return { ...entry, failurePolicy: INITIAL_FAILURE_POLICY };
}

function renderEntry(forDeletions: WebhookEntry): JsonObject {
  return {
    name: NAME,
    clientConfig: clientConfigOf(forDeletions),
    rules: [
      {
        apiGroups: [GROUP],
        apiVersions: ['v1alpha1'],
        operations: ['CREATE', 'UPDATE'],
        resources: ['istiooperators'],
        scope: 'Namespaced',
      },
    ],
    matchConditions: [{ name: 'spec-changes', expression: SPEC_CHANGES }],
    sideEffects: 'None',
    timeoutSeconds: 10,
    admissionReviewVersions: ['v1'],
  };
}
