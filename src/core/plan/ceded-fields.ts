import { FIELD_MANAGER, POLICY_MANAGER } from '../../api/our-names.ts';
import { isJsonObject, type KubeObject } from '../kube-object.ts';
import { appliedFields, isPathOwned, managedFieldsOf, type FieldPath } from './field-ownership.ts';

const WEBHOOK_KINDS = new Set(['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration']);
/** The kind of autoscalers. */
export const AUTOSCALER_KIND = 'HorizontalPodAutoscaler';
const REPLICAS: FieldPath = ['f:spec', 'f:replicas'];

/** What autoscalers scale, by keys such as `Deployment/istio-system/istiod`, and the least pods that each asks for. */
export type Autoscaled = ReadonlyMap<string, number>;

/** What the autoscalers among the objects scale. */
export function computeAutoscaled(objects: Iterable<KubeObject>): Autoscaled {
  const scaled = new Map<string, number>();
  for (const { kind, metadata, spec } of objects) {
    if (kind !== AUTOSCALER_KIND || !isJsonObject(spec) || !isJsonObject(spec['scaleTargetRef'])) continue;
    const target = spec['scaleTargetRef'];
    if (typeof target['kind'] !== 'string' || typeof target['name'] !== 'string') continue;
    const least = typeof spec['minReplicas'] === 'number' ? spec['minReplicas'] : 1;
    scaled.set(scaleKey(target['kind'], metadata.namespace, target['name']), least);
  }
  return scaled;
}

/** `Deployment/istio-system/istiod`. */
export function scaleKey(kind: string, namespace: string | undefined, name: string): string {
  return `${kind}/${namespace ?? ''}/${name}`;
}

/**
 * The object as it is to be applied over the live one: without fields that others hold by right. `replicas` belongs to
 * an autoscaler, `caBundle` and `failurePolicy` of webhooks to whoever proved them.
 */
export function cedeFields(desired: KubeObject, live: KubeObject, autoscaled: Autoscaled): KubeObject {
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
