import { isJsonObject, type Json, type JsonObject } from '../kube-object.ts';
import { getAt } from '../values/tree-path.ts';

/** Where an IstioOperator patches the objects of istiod. */
export const PILOT_OVERLAYS = ['components', 'pilot', 'k8s', 'overlays'];

/** Whether a spec says anything by which injection may fail: templates of its own, or what no schema has checked. */
export function hasOwnInjection(spec: JsonObject): boolean {
  const webhook = getAt(spec, ['values', 'sidecarInjectorWebhook']);
  const { templates, defaultTemplates } = isJsonObject(webhook) ? webhook : {};
  return [templates, defaultTemplates, spec['unvalidatedValues']].some(isFilled) || hasOverlaidConfigMaps(spec);
}

/** Whether settings of injection may come from overlays. */
export function hasOverlaidConfigMaps(spec: JsonObject): boolean {
  const overlays = getAt(spec, PILOT_OVERLAYS);
  return (
    Array.isArray(overlays) && overlays.some((overlay) => isJsonObject(overlay) && overlay['kind'] === 'ConfigMap')
  );
}

function isFilled(value: Json | undefined): boolean {
  return value !== null && typeof value === 'object' && Object.keys(value).length > 0;
}
