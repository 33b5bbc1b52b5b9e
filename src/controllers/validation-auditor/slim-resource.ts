import { REVISION_LABEL } from '../../api/istio-names.ts';
import { findReleasesFor, type ResourceReader } from '../../core/istio/readers.ts';
import { bareObject, type JsonObject, type KubeObject } from '../../core/kube-object.ts';
import { formatProblem } from '../../core/problem.ts';
import { decideAdmission } from '../../core/validate/decide-admission.ts';

const MAX_ERRORS = 3;

/** Why a resource would be refused today by the releases of those who read it; the first errors of it. */
export function findErrors(object: KubeObject, readers: readonly ResourceReader[]): string[] {
  const { labels, namespace = '' } = object.metadata;
  const releases = findReleasesFor(readers, { revision: labels?.[REVISION_LABEL], namespace });
  const errors = decideAdmission(object as unknown as JsonObject, undefined, releases)?.errors ?? [];
  return errors.slice(0, MAX_ERRORS).map(formatProblem);
}

/** Of a resource only its name and its errors; a good one is not kept. */
export function slimResource(object: KubeObject, readers: readonly ResourceReader[]): KubeObject | undefined {
  const errors = findErrors(object, readers);
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
