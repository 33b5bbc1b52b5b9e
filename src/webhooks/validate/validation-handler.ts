import { decideAdmission, type AdmissionDecision } from '../../core/validate/decide-admission.ts';
import { isJsonObject, type JsonObject } from '../../core/kube-object.ts';
import type { AdmissionRequest, AdmissionResponse } from '../admission-review.ts';
import type { AdmissionRoute } from '../server/admission-handler.ts';
import { printDenial, printWarnings } from './print-findings.ts';

/**
 * `/validate` and what is below it: judges Istio's resources when they are created or changed. Needs nothing but the
 * request. The proof of a configuration sends a Gateway without servers, which is refused as every such Gateway is.
 */
export function createValidationRoute(): AdmissionRoute {
  return { path: '/validate', handle: handleValidation };
}

/** Answers for one resource; what is no write, or no resource of Istio's, passes. */
export function handleValidation(request: AdmissionRequest): AdmissionResponse {
  const { operation, object, oldObject, subResource = '' } = request;
  if ((operation !== 'CREATE' && operation !== 'UPDATE') || subResource !== '') {
    return { allowed: true, verdict: 'NotAWrite' };
  }
  if (!isJsonObject(object)) return deny('ObjectMissing', 'request.object: the resource is missing');
  if (isBeingDeleted(object)) return { allowed: true, verdict: 'BeingDeleted' };
  const decision = decideAdmission(withNamespace(object, request), operation === 'UPDATE' ? oldObject : undefined);
  return decision ? answer(object, decision) : { allowed: true, verdict: 'OtherKind' };
}

function answer(object: JsonObject, { errors, warnings, tolerated }: AdmissionDecision): AdmissionResponse {
  const shown = printWarnings(warnings);
  if (errors.length > 0) return { ...deny('Invalid', printDenial(object, errors)), warnings: shown };
  return {
    allowed: true,
    verdict: tolerated > 0 ? 'Tolerated' : 'Valid',
    ...(shown.length > 0 ? { warnings: shown } : {}),
  };
}

function deny(verdict: string, message: string): AdmissionResponse {
  return { allowed: false, verdict, message };
}

/** Finalizers must come off whatever the resource holds. */
function isBeingDeleted({ metadata }: JsonObject): boolean {
  return isJsonObject(metadata) && metadata.deletionTimestamp !== undefined && metadata.deletionTimestamp !== null;
}

/** The API server sets the namespace before it asks; other callers may only name it beside the object. */
function withNamespace(object: JsonObject, { namespace }: AdmissionRequest): JsonObject {
  const { metadata } = object;
  if (!namespace || !isJsonObject(metadata) || metadata.namespace !== undefined) return object;
  return { ...object, metadata: { ...metadata, namespace } };
}
