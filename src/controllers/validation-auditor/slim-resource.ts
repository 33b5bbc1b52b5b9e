import { bareObject, type JsonObject, type KubeObject } from '../../core/kube-object.ts';
import { validateResource } from '../../core/validate/validate-resource.ts';

const MAX_ERRORS = 3;

/** Of a resource only its name and, in `errors`, why it would be refused today; a good one is not kept. */
export function slimResource(object: KubeObject): KubeObject | undefined {
  const findings = validateResource(object as unknown as JsonObject)?.findings ?? [];
  const errors = findings.flatMap(({ severity, path, message }) =>
    severity === 'error' ? [`${path}: ${message}`] : [],
  );
  return errors.length > 0 ? { ...bareObject(object), errors: errors.slice(0, MAX_ERRORS) } : undefined;
}

/** What {@link slimResource} found. */
export function errorsOf({ errors }: KubeObject): readonly string[] {
  return Array.isArray(errors) ? (errors as string[]) : [];
}
