import type { IstioOperatorStatus } from '../api/install/istio-operator-status.ts';
import { VERSION_ANNOTATION } from '../api/our-names.ts';
import type { JsonObject, KubeObject } from '../core/kube-object.ts';
import type { Result } from '../core/problem.ts';
import type { Rendered } from '../core/render/index.ts';
import { render } from '../core/render/render.ts';
import type { WebhookEndpoint } from '../core/operator-endpoint.ts';
import { fetchImageDefaults } from './image-defaults.ts';

/** What a rendering depends on beside the resource. */
export interface RenderSurroundings {
  /** Of the API server; the oldest one that is supported where it is not known. */
  kubeVersion: string | undefined;
  webhookEndpoint: WebhookEndpoint;
}

/** Renders a resource as the cluster holds it. */
export function renderResource(
  { apiVersion, kind, metadata, spec, status }: KubeObject,
  { kubeVersion, webhookEndpoint }: RenderSurroundings,
): Result<Rendered> {
  const defaults = fetchImageDefaults(process.env);
  // The rest of status and metadata is the cluster's; the decoder would only skip it.
  const { name, namespace, annotations = {} } = metadata;
  const asked = annotations[VERSION_ANNOTATION];
  const chosen = asked === undefined ? {} : { annotations: { [VERSION_ANNOTATION]: asked } };
  const { istioVersion } = (status ?? {}) as IstioOperatorStatus;
  const recorded = istioVersion === undefined ? {} : { status: { istioVersion } };
  const document = { apiVersion, kind, metadata: { name, namespace, ...chosen }, spec, ...recorded };
  const version = kubeVersion === undefined ? {} : { kubeVersion };
  return render(
    { documents: [document as unknown as JsonObject] },
    { form: 'sailwright', defaults, webhookEndpoint, ...version },
  );
}
