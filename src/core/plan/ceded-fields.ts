import { FIELD_MANAGER, POLICY_MANAGER } from '../../api/our-names.ts';
import { isJsonObject, type KubeObject } from '../kube-object.ts';
import { appliedFields, isPathOwned, managedFieldsOf, type FieldPath } from './field-ownership.ts';

const WEBHOOK_KINDS = new Set(['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration']);
const REPLICAS: FieldPath = ['f:spec', 'f:replicas'];

/** Keys such as `Deployment/istio-system/istiod` of what the desired autoscalers scale. */
export function computeAutoscaled(objects: readonly KubeObject[]): Set<string> {
  const scaled = objects
    .filter(({ kind }) => kind === 'HorizontalPodAutoscaler')
    .flatMap((autoscaler) => {
      const target = isJsonObject(autoscaler['spec']) ? autoscaler['spec']['scaleTargetRef'] : undefined;
      if (!isJsonObject(target)) return [];
      const { kind, name } = target;
      if (typeof kind !== 'string' || typeof name !== 'string') return [];
      return [scaleKey(kind, autoscaler.metadata.namespace, name)];
    });
  return new Set(scaled);
}

/** `Deployment/istio-system/istiod`. */
export function scaleKey(kind: string, namespace: string | undefined, name: string): string {
  return `${kind}/${namespace ?? ''}/${name}`;
}

/**
 * The object as it is to be applied over the live one: without fields that others hold by right. `replicas` belongs to
 * an autoscaler, `caBundle` and `failurePolicy` of webhooks to whoever proved them.
 */
export function cedeFields(desired: KubeObject, live: KubeObject, autoscaled: ReadonlySet<string>): KubeObject {
  if (WEBHOOK_KINDS.has(desired.kind)) return cedeWebhookFields(desired, live);
  const { kind, metadata } = desired;
  if (autoscaled.has(scaleKey(kind, metadata.namespace, metadata.name))) return cedeReplicas(desired, live);
  return desired;
}

function cedeReplicas(desired: KubeObject, live: KubeObject): KubeObject {
  const spec = isJsonObject(desired['spec']) ? desired['spec'] : {};
  const { replicas: _, ...rest } = spec;
  const liveReplicas = isJsonObject(live['spec']) ? live['spec']['replicas'] : undefined;
  const own = appliedFields(live, FIELD_MANAGER);
  // Giving up a field that nobody else owns resets it, here to a single pod: it is held until the autoscaler takes it.
  const held = own !== undefined && isPathOwned(own, REPLICAS) && !isOwnedByOther(live, REPLICAS);
  return { ...desired, spec: held && liveReplicas !== undefined ? { ...rest, replicas: liveReplicas } : rest };
}

function cedeWebhookFields(desired: KubeObject, live: KubeObject): KubeObject {
  const webhooks = desired['webhooks'];
  if (!Array.isArray(webhooks)) return desired;
  const ceded = webhooks.map((webhook: unknown) =>
    isJsonObject(webhook) ? cedeOfWebhook(webhook, desired.kind, live) : webhook,
  );
  return { ...desired, webhooks: ceded };
}

function cedeOfWebhook(webhook: Record<string, unknown>, kind: string, live: KubeObject): Record<string, unknown> {
  const at: FieldPath = ['f:webhooks', `k:${JSON.stringify({ name: webhook['name'] })}`];
  const kept = { ...webhook };
  if (isOwnedByOther(live, [...at, 'f:clientConfig', 'f:caBundle']) && isJsonObject(kept['clientConfig'])) {
    const { caBundle: _, ...clientConfig } = kept['clientConfig'];
    kept['clientConfig'] = clientConfig;
  }
  // istiod, too, makes validation binding once it answers; of injection nobody but us decides.
  const isValidating = kind === 'ValidatingWebhookConfiguration';
  const policy = [...at, 'f:failurePolicy'];
  if (isValidating ? isOwnedByOther(live, policy) : isOwnedBy(live, policy, POLICY_MANAGER)) {
    delete kept['failurePolicy'];
  }
  return kept;
}

function isOwnedBy(live: KubeObject, path: FieldPath, owner: string): boolean {
  return managedFieldsOf(live).some(
    ({ manager, fieldsV1 }) => manager === owner && fieldsV1 !== undefined && isPathOwned(fieldsV1, path),
  );
}

function isOwnedByOther(live: KubeObject, path: FieldPath): boolean {
  return managedFieldsOf(live).some(
    ({ manager, fieldsV1 }) => manager !== FIELD_MANAGER && fieldsV1 !== undefined && isPathOwned(fieldsV1, path),
  );
}
