import type { ComponentName, Form } from '../components.ts';
import type { JsonObject, KubeObject } from '../kube-object.ts';
import type { IstioTraits } from '../istio/traits.ts';
import type { WebhookEndpoint } from '../operator-endpoint.ts';

/**
 * What one chart renderer sees: the values tree after every merge (chart defaults, profile, compatibility version,
 * platform, user), with the descoping that the chart does (`pilot.*`, `cni.*` or the ztunnel flattening) applied.
 */
export interface ChartContext {
  component: ComponentName;
  form: Form;
  /** What the release of Istio does. */
  traits: IstioTraits;
  /** The release namespace: the component's own, else Istio's. */
  namespace: string;
  /** Merged tree as templates of the chart would see it under `.Values`. */
  values: JsonObject;
  /** The tree before chart defaults were merged in: what ConfigMap `values` shows as `original-values`. */
  originalValues: JsonObject;
  /** Minor of the Kubernetes API server's version, e.g. 33 for 1.33. */
  kubeMinor: number;
  /** Text of the server's version, for `-gke` detection. */
  kubeVersion: string;
  /** Version that the chart labels name. */
  chartVersion: string;
  /** Where the operator's own webhooks are; its usual Service when left out. */
  webhookEndpoint?: WebhookEndpoint;
}

/** Renders all objects of one component instance. Pure; throws RenderError for a combination that cannot be rendered. */
export type ChartRenderer = (context: ChartContext) => KubeObject[];
