import { REVISION_LABEL } from '../../api/istio-names.ts';
import { ANALYSIS_LABEL } from '../../api/our-names.ts';
import { findReleasesFor, type ReadResource, type ResourceReader } from '../../core/istio/readers.ts';
import type { IstioRelease } from '../../core/istio/release.ts';
import { isJsonObject, type JsonObject } from '../../core/kube-object.ts';
import { decideAdmission } from '../../core/validate/decide-admission.ts';
import { estimateWork, type WorkEstimate } from '../../core/validate/estimate-work.ts';
import type { AdmissionRequest, AdmissionResponse, ReviewVersion } from '../admission-review.ts';
import type { AdmissionContext, AdmissionRoute, JudgeCaller, ReviewAnswer } from '../server/admission-handler.ts';
import type { AdmissionAnalysis, AnalysisAnswer, ValidObject, Waiting } from './admission-analysis.ts';
import { printDenial, printWarnings, type Printable } from './print-findings.ts';
import { NO_READERS, type Readers } from './readers.ts';

const NO_ANALYSIS: AdmissionAnalysis = { judge: () => ({ errors: [], warnings: [], isUnsettled: false }) };

/** What one thread decides, and what another one goes on with. */
export interface Judgement {
  response: AdmissionResponse;
  /** What is good by itself, for the analysis together with others; `response` stands if that finds nothing. */
  candidate?: { object: ValidObject; oldObject: JsonObject | null | undefined };
}

/** Judges reviews in another thread. */
export interface ApartJudge {
  /** A review that is not read yet. */
  judgeBody(body: Buffer, caller: JudgeCaller): Promise<JudgedReview>;
  judgeRequest(request: AdmissionRequest, caller: JudgeCaller): Promise<Judgement>;
}

/** A review that was read and judged. */
export interface JudgedReview extends Judgement {
  version: ReviewVersion;
  uid: string;
}

/** Larger bodies are not even read in the thread that injects: that alone takes a millisecond for each 100 KiB. */
const MAX_BODY_HERE = 64 * 1024;
/** By {@link estimateWork}: some milliseconds' worth. */
const MAX_WORK_HERE = 8_000;

/**
 * `/validate` and what is below it: judges Istio's resources when they are created or changed, alone and, where
 * analysis is given, together with what is stored. Reads no API. The proof of a configuration sends a Gateway without
 * servers, which is refused as every such Gateway is. What may take long is left to `apart`, where that is given.
 * `readers` say whose rules count.
 */
export function createValidationRoute(
  analysis: AdmissionAnalysis = NO_ANALYSIS,
  apart: ApartJudge | undefined = undefined,
  readers: Pick<Readers, 'list'> = NO_READERS,
): AdmissionRoute {
  const route: AdmissionRoute = {
    path: '/validate',
    isPatient: true,
    handle: (request, context) => {
      const releases = releasesFor(request, readers.list());
      const { object, oldObject } = request;
      const work = isJsonObject(object) ? estimateWork(object) : undefined;
      const units = ((work?.units ?? 0) + unitsOf(oldObject)) * releases.length;
      if (!apart || units <= MAX_WORK_HERE) {
        return judgeTogether(judgeAlone(request, releases, work), analysis, context);
      }
      return apart.judgeRequest(request, context).then((judgement) => judgeTogether(judgement, analysis, context));
    },
  };
  if (!apart) return route;
  const judge = async (body: Buffer, context: AdmissionContext): Promise<ReviewAnswer> => {
    const { version, uid, ...judgement } = await apart.judgeBody(body, context);
    return { version, uid, response: await judgeTogether(judgement, analysis, context) };
  };
  return { ...route, large: { aboveBytes: MAX_BODY_HERE, judge } };
}

/** The releases by which the resource of a request is judged. */
export function releasesFor(
  { object, namespace = '' }: AdmissionRequest,
  readers: readonly ResourceReader[],
): readonly IstioRelease[] {
  return findReleasesFor(
    readers,
    isJsonObject(object) ? asRead(object, namespace) : { revision: undefined, namespace },
  );
}

function asRead({ metadata }: JsonObject, given: string): ReadResource {
  const { labels, namespace = given } = isJsonObject(metadata) ? metadata : {};
  const revision = isJsonObject(labels) ? labels[REVISION_LABEL] : undefined;
  return {
    revision: typeof revision === 'string' ? revision : undefined,
    namespace: typeof namespace === 'string' ? namespace : given,
  };
}

function unitsOf(object: JsonObject | null | undefined): number {
  return isJsonObject(object) ? estimateWork(object).units : 0;
}

/** Judges a resource by itself, by each of the releases; what is no write, or no resource of Istio's, passes. */
export function judgeAlone(
  request: AdmissionRequest,
  releases: readonly IstioRelease[],
  work?: WorkEstimate,
): Judgement {
  const { operation, object: given, subResource = '' } = request;
  if ((operation !== 'CREATE' && operation !== 'UPDATE') || subResource !== '') {
    return { response: { allowed: true, verdict: 'NotAWrite' } };
  }
  if (!isJsonObject(given)) return { response: deny('ObjectMissing', 'request.object: the resource is missing') };
  if (isBeingDeleted(given)) return { response: { allowed: true, verdict: 'BeingDeleted' } };
  const oldObject = operation === 'UPDATE' ? request.oldObject : undefined;
  const object = withNamespace(given, request);
  const decision = decideAdmission(object, oldObject, releases, work);
  if (!decision) return { response: { allowed: true, verdict: 'OtherKind' } };
  const { errors, warnings, spec, tolerated } = decision;
  if (errors.length > 0) return { response: { ...deny('Invalid', printDenial(object, errors)), ...warn(warnings) } };
  const verdict = tolerated > 0 ? 'Tolerated' : 'Valid';
  return {
    response: { allowed: true, verdict, ...warn(warnings) },
    candidate: { object: { object, spec }, oldObject },
  };
}

/** At once, where nothing is waited for: a promise would cost as much as many a judgement. */
function judgeTogether(
  { response, candidate }: Judgement,
  analysis: AdmissionAnalysis,
  caller: Waiting,
): AdmissionResponse | Promise<AdmissionResponse> {
  if (!candidate) return response;
  const { object, oldObject } = candidate;
  const together = analysis.judge(object, oldObject, caller);
  if (together instanceof Promise) return together.then((found) => joinJudgements(response, object, found));
  return joinJudgements(response, object, together);
}

function joinJudgements(
  alone: AdmissionResponse,
  { object }: ValidObject,
  together: AnalysisAnswer,
): AdmissionResponse {
  const warnings = [...(alone.warnings ?? []), ...printWarnings(together.warnings)];
  const told = warnings.length > 0 ? { warnings } : {};
  if (together.errors.length > 0) return { ...denyTogether(object, together), ...told };
  return { ...alone, ...told };
}

function denyTogether(object: JsonObject, together: AnalysisAnswer): AdmissionResponse {
  const reason = `(the label ${ANALYSIS_LABEL}=enforce of the namespace makes this an error)`;
  return deny('Contradiction', `${printDenial(object, together.errors)} ${reason}`);
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
