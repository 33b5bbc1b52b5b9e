import type { JsonObject } from '../../kube-object.ts';
import type { TemplateContext, TemplateOutput } from '../template-context.ts';
import { cniAnnotations, commonAnnotations, sidecarLabels } from './pod-metadata.ts';
import { sidecarEnv } from './sidecar-env.ts';
import { sidecarParts } from './sidecar-parts.ts';
import { templateInput, type TemplateInput } from './template-input.ts';
import { usesCni } from './traffic-settings.ts';

/** The proxy beside an application: traffic capture, the proxy as container or native sidecar, and its volumes. */
export function sidecar(context: TemplateContext): TemplateOutput {
  const input = templateInput(context);
  return {
    metadata: {
      labels: sidecarLabels(input),
      annotations: { ...commonAnnotations(input), ...(usesCni(input) && cniAnnotations(input)) },
    },
    spec: parts(input),
  };
}

function parts(input: TemplateInput): JsonObject {
  const { isNative, init, proxy, env, volumes, imagePullSecrets } = sidecarParts(input);
  const container = { ...proxy, env: sidecarEnv(input, env) };
  const containers = isNative
    ? { initContainers: [...init, container] }
    : { initContainers: [...init], containers: [container] };
  return { ...containers, volumes, ...imagePullSecrets };
}
