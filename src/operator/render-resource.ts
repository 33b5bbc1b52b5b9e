import type { IstioOperatorStatus } from '../api/install/istio-operator-status.ts';
import { RELEASE_ANNOTATIONS } from '../api/our-names.ts';
import type { JsonObject, KubeObject } from '../core/kube-object.ts';
import type { Result } from '../core/problem.ts';
import type { Rendered } from '../core/render/index.ts';
import { render } from '../core/render/render.ts';
import type { WebhookEndpoint } from '../core/operator-endpoint.ts';
import { readImageDefaults } from './image-defaults.ts';

/** What a rendering depends on beside the resource. */
export interface RenderSurroundings {
  /** Of the API server; the oldest one that is supported where it is not known. */
  kubeVersion: string | undefined;
  webhookEndpoint: WebhookEndpoint;
}

/** What of a resource decides its rendering; the rest of its metadata and status is the cluster's. */
export function renderedPart({ apiVersion, kind, metadata, spec, status }: KubeObject): KubeObject {
  const { name, namespace, annotations = {} } = metadata;
  const asked = pickAnnotations(annotations);
  const { istioVersion, previousRelease } = (status ?? {}) as IstioOperatorStatus;
  return {
    apiVersion,
    kind,
    metadata: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      ...(asked === undefined ? {} : { annotations: asked }),
    },
    spec,
    ...(istioVersion === undefined
      ? {}
      : { status: { istioVersion, ...(previousRelease === undefined ? {} : { previousRelease }) } }),
  };
}

function pickAnnotations(annotations: Readonly<Record<string, string>>): Record<string, string> | undefined {
  const picked = RELEASE_ANNOTATIONS.flatMap((name) => {
    const value = annotations[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return picked.length === 0 ? undefined : Object.fromEntries(picked);
}

/** Renders a resource as the cluster holds it. */
export function renderResource(
  resource: KubeObject,
  { kubeVersion, webhookEndpoint }: RenderSurroundings,
): Result<Rendered> {
  const defaults = readImageDefaults(process.env);
  const version = kubeVersion === undefined ? {} : { kubeVersion };
  return render(
    { documents: [renderedPart(resource) as unknown as JsonObject] },
    { form: 'sailwright', defaults, webhookEndpoint, ...version },
  );
}
