import type { JsonObject } from '../../kube-object.ts';
import type { TemplateContext, TemplateOutput } from '../template-context.ts';
import { initContainer } from './init-container.ts';
import { cniAnnotations, commonAnnotations, sidecarLabels } from './pod-metadata.ts';
import { proxyContainer } from './proxy-container.ts';
import { imagePullSecrets, proxyVolumes } from './proxy-volumes.ts';
import type { VolumeChoice } from './volumes.ts';
import { interceptionModeOf, templateInput, type TemplateInput } from './template-input.ts';
import { usesCni } from './traffic-settings.ts';

/** Volumes of a proxy beside an application. */
export const SIDECAR_VOLUMES: VolumeChoice = {
  proxyVolume: 'istio-envoy',
  credentialSocket: true,
  revocationList: true,
  customBootstrap: true,
  userVolumes: true,
  lightstep: true,
};

/** The proxy beside an application: traffic capture, the proxy as container or native sidecar, and its volumes. */
export function sidecar(context: TemplateContext): TemplateOutput {
  const input = templateInput(context);
  return {
    metadata: {
      labels: sidecarLabels(input),
      annotations: { ...commonAnnotations(input), ...(usesCni(input) && cniAnnotations(input)) },
    },
    spec: {
      ...containers(input),
      volumes: proxyVolumes(input, SIDECAR_VOLUMES),
      ...imagePullSecrets(input),
    },
  };
}

function containers(input: TemplateInput): JsonObject {
  const native = isNative(input);
  const init = interceptionModeOf(input) === 'NONE' ? [] : [initContainer(input)];
  const proxy = proxyContainer(input, native, SIDECAR_VOLUMES);
  return native ? { initContainers: [...init, proxy] } : { initContainers: init, containers: [proxy] };
}

/** Any value but "false" asks for a native sidecar; an empty one counts as none. */
function isNative({ annotations, context }: TemplateInput): boolean {
  const asked = annotations['sidecar.istio.io/nativeSidecar'];
  return asked ? asked !== 'false' : context.nativeSidecars;
}
