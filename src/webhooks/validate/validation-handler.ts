import { isJsonObject, type JsonObject } from '../../core/kube-object.ts';
import { decideAdmission } from '../../core/validate/decide-admission.ts';
import type { AdmissionRequest, AdmissionResponse } from '../admission-review.ts';
import type { AdmissionContext, AdmissionRoute } from '../server/admission-handler.ts';
import { ANALYSIS_LABEL, type AdmissionAnalysis, type AnalysisAnswer } from './admission-analysis.ts';
import { printDenial, printWarnings, type Printable } from './print-findings.ts';

const NO_ANALYSIS: AdmissionAnalysis = { judge: () => ({ errors: [], warnings: [], isUnsettled: false }) };

/**
 * `/validate` and what is below it: judges Istio's resources when they are created or changed, alone and, where
 * analysis is given, together with what is stored. Reads no API. The proof of a configuration sends a Gateway without
 * servers, which is refused as every such Gateway is.
 */
export function createValidationRoute(analysis: AdmissionAnalysis = NO_ANALYSIS): AdmissionRoute {
  return { path: '/validate', handle: (request, context) => handleValidation(request, analysis, context) };
}

/** Answers for one resource; what is no write, or no resource of Istio's, passes. */
export async function handleValidation(
  request: AdmissionRequest,
  analysis = NO_ANALYSIS,
  context?: Pick<AdmissionContext, 'signal'>,
): Promise<AdmissionResponse> {
  const { operation, object: given, subResource = '' } = request;
  if ((operation !== 'CREATE' && operation !== 'UPDATE') || subResource !== '') {
    return { allowed: true, verdict: 'NotAWrite' };
  }
  if (!isJsonObject(given)) return deny('ObjectMissing', 'request.object: the resource is missing');
  if (isBeingDeleted(given)) return { allowed: true, verdict: 'BeingDeleted' };
  const oldObject = operation === 'UPDATE' ? request.oldObject : undefined;
  return judge({ object: withNamespace(given, request), oldObject }, analysis, context);
}

interface Write {
  object: JsonObject;
  oldObject: JsonObject | null | undefined;
}

async function judge(
  { object, oldObject }: Write,
  analysis: AdmissionAnalysis,
  context: Pick<AdmissionContext, 'signal'> | undefined,
): Promise<AdmissionResponse> {
  const decision = decideAdmission(object, oldObject);
  if (!decision) return { allowed: true, verdict: 'OtherKind' };
  const { errors, warnings, spec, tolerated } = decision;
  if (errors.length > 0) return { ...deny('Invalid', printDenial(object, errors)), ...warn(warnings) };
  const together = await analysis.judge({ object, spec }, oldObject, context?.signal);
  if (together.errors.length > 0) return denyTogether(object, together, warnings);
  return {
    allowed: true,
    verdict: tolerated > 0 ? 'Tolerated' : 'Valid',
    ...warn([...warnings, ...together.warnings]),
  };
}

function denyTogether(object: JsonObject, together: AnalysisAnswer, warnings: readonly Printable[]): AdmissionResponse {
  const reason = `(the label ${ANALYSIS_LABEL}=enforce of the namespace makes this an error)`;
  const message = `${printDenial(object, together.errors)} ${reason}`;
  return { ...deny('Contradiction', message), ...warn([...warnings, ...together.warnings]) };
}

function warn(warnings: readonly Printable[]): Pick<AdmissionResponse, 'warnings'> {
  return warnings.length > 0 ? { warnings: printWarnings(warnings) } : {};
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
