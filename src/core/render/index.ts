import type { KubeObject, JsonObject } from '../kube-object.ts';
import type { ComponentName, Form } from '../components.ts';
import type { ReachedSettings } from './reached-settings.ts';
import type { WebhookEndpoint } from '../operator-endpoint.ts';

export interface RenderOptions {
  form: Form;
  /** Hub and tag in the place of those that Istio publishes with a release; used when the resource names none. */
  defaults?: { hub?: string; tag?: string };
  /** Minor or release of Istio to render, whatever the resource says. */
  istioVersion?: string;
  /** The API server's version (`v1.33.1`); without a cluster, the oldest supported one. */
  kubeVersion?: string;
  /** Render although validation found problems; they become warnings. */
  force?: boolean;
  /** Where the operator's own webhooks are; its usual Service when left out. */
  webhookEndpoint?: WebhookEndpoint;
}

/** The objects of one component, or of one gateway of a gateway component. */
export interface RenderedComponent {
  component: ComponentName;
  /** `istiod`, or the gateway's name. */
  instance: string;
  namespace: string;
  objects: KubeObject[];
}

export interface Rendered {
  /** In dependency order: Base, Cni, Pilot, Ztunnel, gateways are ordered by the caller; here spec order. */
  components: RenderedComponent[];
  /** Name of the release of Istio that was chosen, such as `1.5.2`. */
  release: string;
  /** `values.revision`, or the empty string. */
  revision: string;
  /** `values.global.istioNamespace`. */
  istioNamespace: string;
  /** The fully merged `spec.values`. */
  values: JsonObject;
  /** What only an installation that permits it applies; always empty in upstream's form. */
  reached: ReachedSettings[];
  /** Names of the environment variables of istiod and proxies that the user sets. */
  variables: string[];
}
