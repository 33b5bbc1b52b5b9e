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
  { apiVersion, kind, metadata, spec }: KubeObject,
  { kubeVersion, webhookEndpoint }: RenderSurroundings,
): Result<Rendered> {
  const defaults = fetchImageDefaults(process.env);
  // Status and managed fields are the cluster's; the decoder would only skip them.
  const { name, namespace } = metadata;
  const document = { apiVersion, kind, metadata: { name, namespace }, spec } as unknown as JsonObject;
  const version = kubeVersion === undefined ? {} : { kubeVersion };
  return render({ documents: [document] }, { form: 'sailwright', defaults, webhookEndpoint, ...version });
}
