import { canonicalJson } from '../canonical-json.ts';
import { objectKey, refOf, type JsonObject, type KubeObject } from '../kube-object.ts';
import type { Rendered } from '../render/index.ts';
import { INJECTOR_KIND } from '../webhook-configuration.ts';

/** What changes when istiod answers webhooks itself, in the order in which it has to change. */
const ORDER = ['ConfigMap', 'ClusterRole', 'Deployment', INJECTOR_KIND.kind, 'ValidatingWebhookConfiguration'];

/**
 * The objects that are others when istiod answers the webhooks of a control plane: first what istiod needs for it, then
 * istiod itself, and at last the webhooks, which it looks after from then on.
 */
export function planLeaving(now: Rendered, after: Rendered): KubeObject[] {
  const before = new Map(objectsOf(now).map((object) => [objectKey(refOf(object)), canonicalJson(object)]));
  const changed = objectsOf(after).filter((object) => before.get(objectKey(refOf(object))) !== canonicalJson(object));
  return changed.sort((a, b) => rank(a) - rank(b));
}

/** A webhook configuration whose webhooks trust that certificate, where they say nothing else. */
export function withBundle(configuration: KubeObject, caBundle: string): KubeObject {
  const webhooks = configuration['webhooks'] as JsonObject[] | undefined;
  if (!webhooks) return configuration;
  return {
    ...configuration,
    webhooks: webhooks.map((webhook) => ({
      ...webhook,
      clientConfig: { caBundle, ...(webhook['clientConfig'] as JsonObject) },
    })),
  };
}

function objectsOf({ components }: Rendered): KubeObject[] {
  return components.flatMap(({ objects }) => objects);
}

function rank({ kind }: KubeObject): number {
  const at = ORDER.indexOf(kind);
  return at < 0 ? 0 : at;
}
