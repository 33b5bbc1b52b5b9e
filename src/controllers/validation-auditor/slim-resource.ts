import { bareObject, type JsonObject, type KubeObject } from '../../core/kube-object.ts';
import { validateResource } from '../../core/validate/validate-resource.ts';

const MAX_ERRORS = 3;

/** Why a resource would be refused today; the first errors of it. */
export function findErrors(object: JsonObject): string[] {
  const findings = validateResource(object)?.findings ?? [];
  const errors = findings.filter(({ severity }) => severity === 'error');
  return errors.slice(0, MAX_ERRORS).map(({ path, message }) => `${path}: ${message}`);
}

/** Of a resource only its name and its errors; a good one is not kept. */
export function slimResource(object: KubeObject): KubeObject | undefined {
  const errors = findErrors(object as unknown as JsonObject);
  return errors.length > 0 ? { ...bareObject(object), errors } : undefined;
}

/** Of a resource that another thread judges only its name. */
export function slimUnjudged(object: KubeObject): KubeObject {
  return bareObject(object);
}

/** What {@link slimResource} found; undefined for what is not judged yet. */
export function errorsOf({ errors }: KubeObject): readonly string[] | undefined {
  return Array.isArray(errors) ? (errors as string[]) : undefined;
}
