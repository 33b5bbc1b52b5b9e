import { RELEASE_ANNOTATIONS } from '../../api/our-names.ts';
import { isSame } from '../../core/plan/desired.ts';
import { isJsonObject, type JsonObject, type KubeObject } from '../../core/kube-object.ts';
import type { AdmissionRequest, AdmissionResponse } from '../admission-review.ts';
import type { AdmissionContext } from '../server/admission-handler.ts';
import type { ChangePair, ChangeStudy } from './change-study.ts';

/** Finds out what a reconciliation would render, and applies nothing. */
export type StudyChange = (pair: ChangePair) => ChangeStudy | Promise<ChangeStudy>;

/** One write to an IstioOperator, parsed once for all checks. */
export interface IstioOperatorChange {
  operation: 'CREATE' | 'UPDATE' | 'DELETE';
  /** Who asks, and whether it is a dry run. */
  request: AdmissionRequest;
  /** As it would be stored; undefined for a DELETE. */
  object: KubeObject | undefined;
  /** As it is stored; undefined for a CREATE. */
  oldObject: KubeObject | undefined;
  /** Nothing changes that a reconciliation reads, or the resource is on its way out: nobody is asked about the spec. */
  isUnaffecting: boolean;
  /** What it renders: done once, when first asked for. Only for a CREATE or UPDATE. */
  study: () => Promise<ChangeStudy>;
}

/** What one check has to say; the first denial ends the judgement. */
export interface CheckAnswer {
  /** `verdict` is a short constant for metrics; `code` and `reason` as in a Kubernetes status. */
  denial?: { verdict: string; message: string; code?: number; reason?: string };
  warnings?: readonly string[];
}

/** One rule for writes to IstioOperators. Checks run in order; a later one may rely on what an earlier one let pass. */
export type IstioOperatorCheck = (
  change: IstioOperatorChange,
  context: AdmissionContext,
) => CheckAnswer | Promise<CheckAnswer>;

/** What a request says by itself. */
export type ChangeFacts = Omit<IstioOperatorChange, 'study'>;

/** Reads a request that creates, changes or deletes an IstioOperator; undefined when the resource is missing in it. */
export function parseChange(request: AdmissionRequest, study: StudyChange): IstioOperatorChange | undefined {
  const facts = readChange(request);
  return facts && withStudy(facts, study);
}

/** The same without a way to study it. */
export function readChange(request: AdmissionRequest): ChangeFacts | undefined {
  const { operation } = request;
  if (operation === 'CONNECT') return undefined;
  const object = operation === 'DELETE' ? undefined : asResource(request.object);
  const oldObject = operation === 'CREATE' ? undefined : asResource(request.oldObject);
  const subject = object ?? oldObject;
  if (!subject || (operation !== 'DELETE' && !object)) return undefined;
  const isUnaffecting = isLeaving(subject) || (object !== undefined && hasSameSpec(object, oldObject));
  return { operation, request, object, oldObject, isUnaffecting };
}

/** A change that is studied once, when first asked for. */
export function withStudy(facts: ChangeFacts, study: StudyChange): IstioOperatorChange {
  const { object, oldObject } = facts;
  let made: Promise<ChangeStudy> | undefined;
  const make = async (): Promise<ChangeStudy> => {
    if (!object) throw new Error('a deletion renders nothing');
    return study({ object, oldObject });
  };
  return { ...facts, study: () => (made ??= make()) };
}

/** The answer where no check is asked: to what is no write to the resource itself, or names none. */
export function findSettled(
  { operation, subResource = '' }: AdmissionRequest,
  facts: ChangeFacts | undefined,
): AdmissionResponse | undefined {
  if (operation === 'CONNECT' || subResource !== '') return { allowed: true, verdict: 'NotAWrite' };
  if (facts) return undefined;
  const field = operation === 'DELETE' ? 'oldObject' : 'object';
  return { allowed: false, verdict: 'ObjectMissing', message: `request.${field}: the resource is missing` };
}

function asResource(value: JsonObject | null | undefined): KubeObject | undefined {
  return isJsonObject(value) && isJsonObject(value.metadata) ? (value as unknown as KubeObject) : undefined;
}

/** Its end was decided before: what is asked again about it changes nothing. */
function isLeaving({ metadata }: KubeObject): boolean {
  return typeof metadata['deletionTimestamp'] === 'string';
}

/**
 * A reconciliation renders the spec by the release that annotations name. Other annotations (a pause, a forced
 * deletion) must change whatever became of the rules.
 */
function hasSameSpec(object: KubeObject, oldObject: KubeObject | undefined): boolean {
  if (!oldObject || askedOf(object) !== askedOf(oldObject)) return false;
  return isSame(object['spec'] ?? {}, oldObject['spec'] ?? {});
}

function askedOf({ metadata }: KubeObject): string {
  return JSON.stringify(RELEASE_ANNOTATIONS.map((name) => metadata.annotations?.[name]));
}
