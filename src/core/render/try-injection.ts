import { fieldPath } from '../../api/field-path.ts';
import { findControlPlane, INJECTOR, MESH, nameInRevision } from '../inject/control-plane-objects.ts';
import { findInjectionFaults, type InjectionFault } from '../inject/find-injection-faults.ts';
import type { JsonObject } from '../kube-object.ts';
import type { Problem, Result } from '../problem.ts';
import { getAt } from '../values/tree-path.ts';
import type { Rendered } from './index.ts';
import { hasOverlaidConfigMaps, PILOT_OVERLAYS } from './own-injection.ts';
import type { Untried } from './render-untried.ts';

/** Tries on sample pods what a resource says of injection, as it stands in the objects that it renders. */
export function tryInjection({ result, toTry }: Untried, { force = false }: { force?: boolean }): Result<Rendered> {
  if (!result.ok || !toTry) return result;
  const problems = findProblems(toTry, result.value);
  if (problems.length === 0) return result;
  const { warnings } = result;
  return force ? { ...result, warnings: [...warnings, ...problems] } : { ok: false, problems, warnings };
}

function findProblems(spec: JsonObject, { components, revision }: Rendered): Problem[] {
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
    path: ['spec', ...PILOT_OVERLAYS].join('.'),
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
