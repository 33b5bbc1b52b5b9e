import { isSame } from '../../core/plan/desired.ts';
import { isJsonObject, type JsonObject, type KubeObject } from '../../core/kube-object.ts';
import type { Result } from '../../core/problem.ts';
import type { Rendered } from '../../core/render/index.ts';
import type { AdmissionRequest } from '../admission-review.ts';
import type { AdmissionContext } from '../server/admission-handler.ts';

/** What a reconciliation would render; applies nothing. */
export type DryRender = (resource: KubeObject) => Result<Rendered> | Promise<Result<Rendered>>;

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
  /** What `object` renders: done once, when first asked for. Only for a CREATE or UPDATE. */
  render: () => Promise<Result<Rendered>>;
  /** What `oldObject` renders; undefined where there is none. */
  renderOld: () => Promise<Result<Rendered> | undefined>;
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

/** Reads a request that creates, changes or deletes an IstioOperator; undefined when the resource is missing in it. */
export function parseChange(request: AdmissionRequest, render: DryRender): IstioOperatorChange | undefined {
  const { operation } = request;
  if (operation === 'CONNECT') return undefined;
  const object = operation === 'DELETE' ? undefined : asResource(request.object);
  const oldObject = operation === 'CREATE' ? undefined : asResource(request.oldObject);
  const subject = object ?? oldObject;
  if (!subject || (operation !== 'DELETE' && !object)) return undefined;
  const once = <T>(make: () => Promise<T>): (() => Promise<T>) => {
    let made: Promise<T> | undefined;
    return () => (made ??= make());
  };
  return {
    operation,
    request,
    object,
    oldObject,
    isUnaffecting: isLeaving(subject) || (object !== undefined && hasSameSpec(object, oldObject)),
    render: once(async () => render(subject)),
    renderOld: once(async () => (oldObject ? render(oldObject) : undefined)),
  };
}

function asResource(value: JsonObject | null | undefined): KubeObject | undefined {
  return isJsonObject(value) && isJsonObject(value.metadata) ? (value as unknown as KubeObject) : undefined;
}

/** Its end was decided before: what is asked again about it changes nothing. */
function isLeaving({ metadata }: KubeObject): boolean {
  return typeof metadata['deletionTimestamp'] === 'string';
}

/**
 * A reconciliation renders the spec alone. Annotations (a pause, a forced deletion) must change whatever became of the
 * rules; one that decides about the rendering would have to be compared here too.
 */
function hasSameSpec(object: KubeObject, oldObject: KubeObject | undefined): boolean {
  return oldObject !== undefined && isSame(object['spec'] ?? {}, oldObject['spec'] ?? {});
}
