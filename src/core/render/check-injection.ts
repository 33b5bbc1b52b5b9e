import { fieldPath } from '../../api/field-path.ts';
import { findControlPlane, INJECTOR, MESH, nameInRevision } from '../inject/control-plane-objects.ts';
import { findInjectionFaults, type InjectionFault } from '../inject/find-injection-faults.ts';
import { isJsonObject, type Json, type JsonObject } from '../kube-object.ts';
import type { Problem } from '../problem.ts';
import { getAt } from '../values/tree-path.ts';
import type { RenderedComponent } from './index.ts';

const OVERLAYS = ['components', 'pilot', 'k8s', 'overlays'];

/** Whether a spec says anything by which injection may fail: templates of its own, or what no schema has checked. */
export function hasOwnInjection(spec: JsonObject): boolean {
  const webhook = getAt(spec, ['values', 'sidecarInjectorWebhook']);
  const { templates, defaultTemplates } = isJsonObject(webhook) ? webhook : {};
  return [templates, defaultTemplates, spec['unvalidatedValues']].some(isFilled) || hasOverlaidConfigMaps(spec);
}

/**
 * Tries on sample pods what a resource (its merged documents) says of injection, as it stands in the objects that it
 * renders.
 */
export function checkInjection(
  tree: JsonObject,
  { components, revision }: { components: readonly RenderedComponent[]; revision: string },
): Problem[] {
  const spec = tree['spec'];
  if (!isJsonObject(spec) || !hasOwnInjection(spec)) return [];
  const objects = components.filter(({ component }) => component === 'Pilot').flatMap((pilot) => pilot.objects);
  const controlPlane = findControlPlane(objects, revision);
  if (!controlPlane) return [];
  return findInjectionFaults(controlPlane).map((fault) => problemOf(fault, spec, revision));
}

function problemOf({ setting, message }: InjectionFault, spec: JsonObject, revision: string): Problem {
  const code = 'InjectionBroken';
  const path = findSetting(setting, spec);
  if (path !== undefined) return { path, message, code };
  const isOfMesh = setting[0] === 'mesh';
  const name = nameInRevision(isOfMesh ? MESH : INJECTOR, revision);
  const place = isOfMesh ? '' : setting.reduce(fieldPath, '');
  return {
    path: ['spec', ...OVERLAYS].join('.'),
    message: `ConfigMap ${name}: ${place === '' ? '' : `${place}: `}${message}`,
    code,
  };
}

/** Where the resource has the setting; undefined where overlays may have it from elsewhere. */
function findSetting(setting: InjectionFault['setting'], spec: JsonObject): string | undefined {
  if (setting.length === 0 || hasOverlaidConfigMaps(spec)) return undefined;
  const keys = setting[0] === 'mesh' ? ['meshConfig'] : ['sidecarInjectorWebhook', ...setting];
  const values = ['unvalidatedValues', 'values'].find((name) => getAt(spec, [name, ...keys]) !== undefined);
  return values && keys.reduce(fieldPath, `spec.${values}`);
}

function hasOverlaidConfigMaps(spec: JsonObject): boolean {
  const overlays = getAt(spec, OVERLAYS);
  return (
    Array.isArray(overlays) && overlays.some((overlay) => isJsonObject(overlay) && overlay['kind'] === 'ConfigMap')
  );
}

function isFilled(value: Json | undefined): boolean {
  return value !== null && typeof value === 'object' && Object.keys(value).length > 0;
}
