import type { RenderOptions as CoreOptions } from '../core/render/index.ts';
import type { RenderOptions } from './render-options.ts';

/** The options as the core has them. */
export function coreOptions(options: RenderOptions): CoreOptions {
  const { form = 'sailwright', istioVersion, kubernetesVersion, defaultHub: hub, defaultTag: tag } = options;
  return {
    form,
    defaults: { ...(hub === undefined ? {} : { hub }), ...(tag === undefined ? {} : { tag }) },
    ...(istioVersion === undefined ? {} : { istioVersion }),
    ...(kubernetesVersion === undefined ? {} : { kubeVersion: kubernetesVersion }),
  };
}
