import { decodeSpec } from '../../api/decode-spec.ts';
import { istioKind, type IstioKindName, type SpecOf } from '../../api/istio-kinds.ts';
import { DEFAULT_VERSION, laterFields } from '../istio/registry.ts';
import { releaseOf, type IstioRelease } from '../istio/release.ts';
import { groupOf, type JsonObject } from '../kube-object.ts';
import { findingOf } from '../problem.ts';
import { estimateWork, MAX_WORK, type WorkEstimate } from './estimate-work.ts';
import type { Finding, Subject } from './finding.ts';
import { Findings } from './findings.ts';
import { adviserOf, validatorOf } from './index.ts';
import { checkDryRun, checkMetadata, decodeMetadata, type Metadata } from './metadata.ts';

/** What is known of one resource after it was judged. */
export interface Verdict {
  kind: IstioKindName;
  namespace: string;
  name: string;
  /** The decoded spec; undefined when it cannot be read. */
  spec: JsonObject | undefined;
  /** Errors that refuse it, and warnings that Istio gives as well. */
  findings: Finding[];
  /** Warnings beyond Istio's: unknown fields, and settings that rarely mean what they say. */
  advice: Finding[];
}

/** What surrounds the resource. */
export interface ValidateOptions {
  /** Where a resource without a namespace belongs; none at admission, where it is always given. */
  defaultNamespace?: string;
  /** The release of Istio that reads it; the usual one when left out. */
  release?: IstioRelease;
  /** What it costs to judge the resource, where that is known. */
  work?: WorkEstimate;
}

/** Judges one of Istio's resources, of any version; undefined when the object is of another kind. */
export function validateResource(
  object: JsonObject,
  { defaultNamespace = '', release = releaseOf(DEFAULT_VERSION), work }: ValidateOptions = {},
): Verdict | undefined {
  const { apiVersion, kind } = object;
  const name =
    typeof apiVersion === 'string' && typeof kind === 'string' ? istioKind(groupOf(apiVersion), kind) : undefined;
  return name && validateKind(name, object, { defaultNamespace, release, work: work ?? estimateWork(object) });
}

function validateKind<K extends IstioKindName>(
  kind: K,
  object: JsonObject,
  { defaultNamespace, release, work }: Required<ValidateOptions>,
): Verdict {
  const findings = new Findings();
  const metadata = decodeMetadata(object, defaultNamespace, findings);
  if (work.units > MAX_WORK) return refuseUnjudged(kind, metadata, work);
  const decoded = decodeSpec(kind, object.spec, 'spec', { later: laterFields(release.version) });
  const advice = decoded.warnings.map((warning) => findingOf(warning, 'warning'));
  checkMetadata(object, metadata, findings);
  if (!decoded.ok) {
    append(
      findings.list,
      decoded.problems.map((problem) => findingOf(problem, 'error')),
    );
  } else {
    const subject = { kind, ...metadata, traits: release.traits, spec: decoded.value };
    checkDryRun(metadata, actionOf(subject), findings);
    append(findings.list, validatorOf(kind)(subject));
    append(advice, adviserOf(kind)(subject));
  }
  const { namespace, name } = metadata;
  const spec = decoded.ok ? (decoded.value as JsonObject) : undefined;
  return { kind, namespace, name, spec, findings: findings.list, advice };
}

/** Says nothing of what is in it: that is what would take too long. */
function refuseUnjudged(kind: IstioKindName, { namespace, name }: Metadata, { units, path }: WorkEstimate): Verdict {
  const message =
    `holds most of what makes this resource too much work to judge (${units} units, of which ${MAX_WORK} are allowed): ` +
    'split the resource into several, with fewer entries or fewer and shorter expressions in each';
  const finding: Finding = { severity: 'error', path, code: 'TooMuchWork', message };
  return { kind, namespace, name, spec: undefined, findings: [finding], advice: [] };
}

/** As `push`, for lists that are longer than a call may have arguments. */
function append(list: Finding[], more: readonly Finding[]): void {
  for (const finding of more) list.push(finding);
}

/** What an AuthorizationPolicy does; undefined for every other kind. */
function actionOf({ kind, spec }: Subject<unknown> & Metadata): string | number | undefined {
  return kind === 'AuthorizationPolicy' ? ((spec as SpecOf<'AuthorizationPolicy'>).action ?? 'ALLOW') : undefined;
}
