import type { JsonObject, KubeObject } from '../kube-object.ts';
import type { WebhookEndpoint } from './sailwright-service.ts';

/** `upstream`: exactly what Istio's own tool renders. `sailwright`: ours, with its quirks fixed (docs/reference/differences.md). */
export type Form = 'upstream' | 'sailwright';

/** Istio's user-facing component names, in the order in which they are rendered. */
export const COMPONENTS = ['Base', 'Pilot', 'IngressGateways', 'EgressGateways', 'Cni', 'Ztunnel'] as const;
export type ComponentName = (typeof COMPONENTS)[number];

/**
 * What one chart renderer sees: the values tree after every merge (chart defaults, profile, compatibility version,
 * platform, user), with the descoping that the chart does (`pilot.*`, `cni.*` or the ztunnel flattening) applied.
 */
export interface ChartContext {
  component: ComponentName;
  form: Form;
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
  /** Version that the chart labels name; a fixed one per form when left out. */
  chartVersion?: string;
  /** Where the operator's own webhooks are; its usual Service when left out. */
  webhookEndpoint?: WebhookEndpoint;
}

/** Renders all objects of one component instance. Pure; throws RenderError for a combination that cannot be rendered. */
export type ChartRenderer = (context: ChartContext) => KubeObject[];

/** A combination of values that the charts refuse, with the path of the value to change. */
export class RenderError extends Error {
  readonly path: string;
  readonly hint: string | undefined;
  constructor(path: string, message: string, hint?: string) {
    super(message);
    this.name = 'RenderError';
    this.path = path;
    this.hint = hint;
  }
}
