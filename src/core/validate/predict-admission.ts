import { ISTIO_KINDS } from '../../api/istio-kinds.ts';
import type { JsonObject } from '../kube-object.ts';
import { admitByDefinition } from './crd-layer/admit-by-definition.ts';
import type { Finding } from './finding.ts';
import { validateResource, type ValidateOptions, type Verdict } from './validate-resource.ts';

/**
 * What a cluster says when a resource is applied with kubectl: by the definition of the kind first, then by the webhook,
 * which sees what the definition lets through. Undefined for kinds of others.
 */
export function predictAdmission(object: JsonObject, options: ValidateOptions = {}): Verdict | undefined {
  const admission = admitByDefinition(object);
  const verdict = validateResource(admission?.admitted ?? object, options);
  if (!verdict) return undefined;
  const refused = admission
    ? findingsOf(admission.findings, admission.unknownFields, object, options)
    : [notServed(object, verdict.kind)];
  const judged = new Set(verdict.findings.flatMap(({ severity, path }) => (severity === 'error' ? [path] : [])));
  // Where both have something to say, the validator's words are the better ones.
  const more = [...refused, ...tooNew(verdict)].filter(({ path }) => !judged.has(path));
  const advice = verdict.advice.filter(({ code }) => code !== 'FieldTooNew');
  return { ...verdict, findings: [...verdict.findings, ...more], advice };
}

/** Definitions are those of the newest minor; one's own would not know these fields. */
function tooNew({ advice }: Verdict): Finding[] {
  return advice
    .filter(({ code }) => code === 'FieldTooNew')
    .map((finding) => ({ ...finding, severity: 'error', message: finding.message.replace(IGNORED, 'unknown field') }));
}

/** How a field is told of where it is only a warning; applied with kubectl it is refused. */
const IGNORED = 'unknown field: Istio ignores it';
const UNKNOWN = 'is not a field of this kind: remove it, or look for the right name';

function findingsOf(
  findings: readonly Finding[],
  unknownFields: readonly string[],
  object: JsonObject,
  options: ValidateOptions,
): Finding[] {
  if (unknownFields.length === 0) return [...findings];
  // The decoder knows which field was probably meant.
  const hints = new Map(validateResource(object, options)?.advice.map(({ path, message }) => [path, message]));
  const unknown = unknownFields.map((path): Finding => {
    const message = hints.get(path)?.replace(IGNORED, 'unknown field') ?? UNKNOWN;
    return { severity: 'error', path, code: 'UnknownField', message };
  });
  return [...findings, ...unknown];
}

function notServed(object: JsonObject, kind: string): Finding {
  const served = ISTIO_KINDS.filter((known) => known.kind === kind).flatMap(({ group, versions }) =>
    versions.map((version) => `${group}/${version}`),
  );
  const message = `${JSON.stringify(object.apiVersion)} is not served for this kind: use ${served.join(' or ')}`;
  return { severity: 'error', path: 'apiVersion', code: 'VersionNotServed', message };
}
