import { isEqual } from '../json-equality.ts';
import { isJsonObject, type Json, type JsonObject } from '../kube-object.ts';
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

/**
 * Judges what is to be stored. An update is not refused for what the stored object already had in a field that it leaves
 * as it is: rules that became stricter must not keep anybody from changing labels. Undefined for kinds of others.
 */
export function decideAdmission(object: JsonObject, oldObject?: JsonObject | null): AdmissionDecision | undefined {
  const verdict = validateResource(object);
  if (!verdict) return undefined;
  const { spec } = verdict;
  const errors = verdict.findings.filter(({ severity }) => severity === 'error');
  const warnings = [...verdict.findings.filter(({ severity }) => severity === 'warning'), ...verdict.advice];
  if (errors.length === 0 || !oldObject) return { errors, warnings, spec, tolerated: 0 };
  const known = new Set(validateResource(oldObject)?.findings.map(keyOf));
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
