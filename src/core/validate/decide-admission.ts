import { REVISION_LABEL } from '../../api/istio-names.ts';
import { mergeSayings, type Saying } from '../istio/readers.ts';
import { DEFAULT_VERSION } from '../istio/registry.ts';
import { releaseOf, type IstioRelease } from '../istio/release.ts';
import { isEqual } from '../json-equality.ts';
import { isJsonObject, type Json, type JsonObject } from '../kube-object.ts';
import { estimateWork, type WorkEstimate } from './estimate-work.ts';
import type { Finding } from './finding.ts';
import { validateResource } from './validate-resource.ts';

/** What admission does with a resource. */
export interface AdmissionDecision {
  /** Refuse it, if there are any. */
  errors: Finding[];
  /** Show them, and let it pass. */
  warnings: Finding[];
  /** The decoded spec; undefined when it cannot be read. */
  spec: JsonObject | undefined;
  /** Errors that the stored object has as well, where the update changes nothing; they are among the warnings. */
  tolerated: number;
}

/** These are never tolerated: they give rights, or ask to be refused. */
const ALWAYS_REFUSED: ReadonlySet<string> = new Set(['AnnotationReserved', 'AlwaysRejected']);

const USUAL = [releaseOf(DEFAULT_VERSION)];

/**
 * Judges what is to be stored, by each release that will read it: what one of them refuses is refused. An update is not
 * refused for what the stored object already had in a field that it leaves as it is: rules that became stricter must
 * not keep anybody from changing labels. Undefined for kinds of others. `work` is what it costs to judge the object once.
 */
export function decideAdmission(
  object: JsonObject,
  oldObject?: JsonObject | null,
  releases: readonly IstioRelease[] = USUAL,
  work: WorkEstimate = estimateWork(object),
): AdmissionDecision | undefined {
  const decisions = releases.flatMap((release) => {
    const decision = decideFor({ release, work }, object, oldObject);
    return decision ? [{ release, decision }] : [];
  });
  const [first] = decisions;
  if (!first || decisions.length === 1) return first?.decision;
  const merge = (pick: 'errors' | 'warnings'): Saying<Finding>[] =>
    mergeSayings(
      decisions.map(({ release, decision }) => [release, decision[pick]]),
      ({ code, path, message }) => [code, path, message].join(' '),
    );
  return {
    errors: merge('errors').map((saying) => nameReleases(saying, WHY_REFUSED)),
    warnings: merge('warnings').map((saying) => nameReleases(saying, '')),
    // The newest release reads most of it.
    spec: first.decision.spec,
    tolerated: Math.max(...decisions.map(({ decision }) => decision.tolerated)),
  };
}

const WHY_REFUSED = `, which reads it too; label ${REVISION_LABEL} gives a resource to one revision alone`;

/** Says who says it, where the other releases that read the resource do not. */
function nameReleases({ item, only }: Saying<Finding>, why: string): Finding {
  return only === undefined ? item : { ...item, message: `${item.message} (so Istio ${only}${why})` };
}

function decideFor(
  { release, work }: { release: IstioRelease; work: WorkEstimate },
  object: JsonObject,
  oldObject: JsonObject | null | undefined,
): AdmissionDecision | undefined {
  const verdict = validateResource(object, { release, work });
  if (!verdict) return undefined;
  const { spec } = verdict;
  const errors = verdict.findings.filter(({ severity }) => severity === 'error');
  const warnings = [...verdict.findings.filter(({ severity }) => severity === 'warning'), ...verdict.advice];
  if (errors.length === 0 || !oldObject) return { errors, warnings, spec, tolerated: 0 };
  const known = new Set(validateResource(oldObject, { release })?.findings.map(keyOf));
  const isTolerated = (finding: Finding): boolean =>
    known.has(keyOf(finding)) && !ALWAYS_REFUSED.has(finding.code) && isUntouched(finding.path, object, oldObject);
  const tolerated = errors.filter(isTolerated);
  return {
    errors: errors.filter((finding) => !isTolerated(finding)),
    warnings: [...tolerated.map((finding): Finding => ({ ...finding, severity: 'warning' })), ...warnings],
    spec,
    tolerated: tolerated.length,
  };
}

function keyOf({ path, code }: Finding): string {
  return `${code} ${path}`;
}

const STEP = /\["((?:[^"\\]|\\.)*)"\]|\[([^\]]*)\]|([^.[\]]+)/g;

function isUntouched(path: string, object: JsonObject, oldObject: JsonObject): boolean {
  return isEqual(valueAt(object, path), valueAt(oldObject, path));
}

/** The value at a path of a finding; undefined where there is none, as when a field is missing. */
function valueAt(object: JsonObject, path: string): Json | undefined {
  let value: Json | undefined = object;
  for (const [, quoted, bracketed, name] of path.matchAll(STEP)) {
    value = childOf(value, quoted ?? bracketed ?? name ?? '');
    if (value === undefined) return undefined;
  }
  return value;
}

function childOf(value: Json, key: string): Json | undefined {
  if (Array.isArray(value)) return value[Number(key)];
  return isJsonObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}
