import { isJsonObject } from '../kube-object.ts';
import type { CompiledInjectionConfig } from './compile-injection-config.ts';
import { annotationsOf } from './containers.ts';
import { parsedAnnotation, PROXY_CONFIG_ANNOTATION } from './proxy-config.ts';
import type { Pod } from './template-context.ts';

const HOLD = 'holdApplicationUntilProxyStarts';

/** Whether the application waits for the proxy. ProxyConfig resources do not count here, only mesh and annotation. */
export function isProxyFirst(pod: Pod, { mesh, holdInValues }: CompiledInjectionConfig): boolean {
  const annotation = annotationsOf(pod)[PROXY_CONFIG_ANNOTATION];
  const general = isJsonObject(mesh.defaultConfig) ? mesh.defaultConfig : {};
  const own = annotation === undefined ? {} : parsedAnnotation(annotation);
  const decisive = Object.hasOwn(own, HOLD) ? own : general;
  return holdInValues || decisive[HOLD] === true;
}
