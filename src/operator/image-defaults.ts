import { ISTIO_1_31 } from '../core/values/istio-1.31/index.ts';

/** Image hub and tag for resources that name none; the environment can replace what is built in. */
export function fetchImageDefaults(env: NodeJS.ProcessEnv): { hub: string; tag: string } {
  return {
    hub: env['SAILWRIGHT_DEFAULT_HUB'] || ISTIO_1_31.defaultHub,
    tag: env['SAILWRIGHT_DEFAULT_TAG'] || ISTIO_1_31.defaultTag,
  };
}
