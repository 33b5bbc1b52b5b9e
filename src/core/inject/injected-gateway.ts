import type { KubeObject } from '../kube-object.ts';
import { TEMPLATES_ANNOTATION } from './apply-templates.ts';
import { findAutoPod } from './find-injector.ts';

/** Whether a workload is a gateway that an injector fills in: its proxy is all that it is for, and no sidecar. */
export function isInjectedGateway(workload: KubeObject): boolean {
  const templates = findAutoPod(workload)?.metadata.annotations?.[TEMPLATES_ANNOTATION] ?? '';
  const names = templates.split(',').map((name) => name.trim());
  return templates !== '' && !names.includes('sidecar');
}
