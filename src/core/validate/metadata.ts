import { isJsonObject, type Json, type JsonObject } from '../kube-object.ts';
import type { Findings } from './findings.ts';
import { parseGoBool } from './rules/strconv.ts';

/** The parts of an object's metadata that validators read. */
export interface Metadata {
  name: string;
  namespace: string;
  labels: Readonly<Record<string, string>>;
  annotations: Readonly<Record<string, string>>;
}

const DRY_RUN = 'istio.io/dry-run';
/** Istio sets these on what it makes itself; taken from a user, they would give rights over other namespaces. */
const RESERVED = ['internal.istio.io/parents', 'internal.istio.io/parent-namespace'];
const ALWAYS_REJECT = 'internal.istio.io/webhook-always-reject';
const TOP_LEVEL: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata', 'spec', 'status']);

/** Reads the metadata of an object; what has the wrong type is recorded and left out. */
export function decodeMetadata(object: JsonObject, defaultNamespace: string, findings: Findings): Metadata {
  const { metadata = {} } = object;
  const known = isJsonObject(metadata) ? metadata : {};
  if (metadata !== null && !isJsonObject(metadata)) findings.error('metadata', 'TypeMismatch', 'must be an object');
  return {
    name: decodeText(known.name, 'metadata.name', findings),
    namespace: decodeText(known.namespace, 'metadata.namespace', findings) || defaultNamespace,
    labels: decodeTexts(known.labels, 'metadata.labels', findings),
    annotations: decodeTexts(known.annotations, 'metadata.annotations', findings),
  };
}

/** Records annotations that users must not set, and keys beside metadata, spec and status. */
export function checkMetadata(object: JsonObject, { annotations }: Metadata, findings: Findings): void {
  if (Object.hasOwn(annotations, ALWAYS_REJECT)) {
    const path = annotationPath(ALWAYS_REJECT);
    findings.error(path, 'AlwaysRejected', 'asks that this object be refused, which proves that validation works');
  }
  for (const name of RESERVED) {
    if (!Object.hasOwn(annotations, name)) continue;
    findings.error(annotationPath(name), 'AnnotationReserved', 'is set by Istio itself on what it makes: remove it');
  }
  for (const key of Object.keys(object)) {
    if (TOP_LEVEL.has(key)) continue;
    findings.error(key, 'UnknownField', `is not a field of an object; it has ${[...TOP_LEVEL].join(', ')}`);
  }
}

/** Records a trial run where there is none. Only an AuthorizationPolicy that allows or denies can be tried. */
export function checkDryRun({ annotations }: Metadata, action: string | number | undefined, findings: Findings): void {
  const value = annotations[DRY_RUN];
  if (value === undefined) return;
  const path = annotationPath(DRY_RUN);
  if (action !== 'ALLOW' && action !== 'DENY') {
    const message = 'has an effect on an AuthorizationPolicy with the action ALLOW or DENY only: remove it';
    findings.error(path, 'DryRunUnsupported', message);
  } else if (parseGoBool(value) === undefined) {
    findings.error(path, 'DryRunInvalid', `${JSON.stringify(value)} is neither true nor false`);
  }
}

function annotationPath(name: string): string {
  return `metadata.annotations[${JSON.stringify(name)}]`;
}

function decodeText(value: Json | undefined, path: string, findings: Findings): string {
  if (typeof value === 'string') return value;
  if (value !== undefined && value !== null) findings.error(path, 'TypeMismatch', 'must be text');
  return '';
}

function decodeTexts(value: Json | undefined, path: string, findings: Findings): Record<string, string> {
  if (value === undefined || value === null) return {};
  if (!isJsonObject(value)) {
    findings.error(path, 'TypeMismatch', 'must be an object of texts');
    return {};
  }
  const texts: Record<string, string> = {};
  for (const [key, text] of Object.entries(value)) {
    texts[key] = decodeText(text, `${path}[${JSON.stringify(key)}]`, findings);
  }
  return texts;
}
