import type { JsonObject } from '../../kube-object.ts';
import type { TemplateContext, TemplateOutput } from '../template-context.ts';
import { cniAnnotations, commonAnnotations, sidecarLabels } from './pod-metadata.ts';
import { sidecarEnv } from './sidecar-env.ts';
import { sidecarParts, type SidecarParts } from './sidecar-parts.ts';
import { templateInput, type TemplateInput } from './template-input.ts';
import { usesCni } from './traffic-settings.ts';

/** The proxy beside an application: traffic capture, the proxy as container or native sidecar, and its volumes. */
export function sidecar(context: TemplateContext): TemplateOutput {
  const input = templateInput(context);
  const parts = sidecarParts(input);
  return { metadata: sidecarMetadata(input), spec: sidecarSpec(parts, sidecarEnv(input, parts.env)) };
}

/** Labels and annotations of a pod with a sidecar. */
export function sidecarMetadata(input: TemplateInput): {
  labels: Record<string, string>;
  annotations: Record<string, string>;
} {
  return {
    labels: sidecarLabels(input),
    annotations: { ...commonAnnotations(input), ...(usesCni(input) && cniAnnotations(input)) },
  };
}

/** What a sidecar adds to the spec of a pod. */
export function sidecarSpec(
  { isNative, init, proxy, volumes, imagePullSecrets }: SidecarParts,
  env: JsonObject[],
): JsonObject {
  const container = { ...proxy, env };
  const containers = isNative
    ? { initContainers: [...init, container] }
    : { initContainers: [...init], containers: [container] };
  return { ...containers, volumes, ...imagePullSecrets };
}
