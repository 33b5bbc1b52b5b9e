import { decodeMessage } from '../../api/proto/decode-message.ts';
import { istioKind, SPEC_SCHEMAS, type IstioKindName, type SpecOf } from '../../api/istio-kinds.ts';
import type { Problem } from '../../api/problem.ts';
import { groupOf, type JsonObject } from '../kube-object.ts';
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
}

/** Judges one of Istio's resources, of any version; undefined when the object is of another kind. */
export function validateResource(
  object: JsonObject,
  { defaultNamespace = '' }: ValidateOptions = {},
): Verdict | undefined {
  const { apiVersion, kind } = object;
  const name =
    typeof apiVersion === 'string' && typeof kind === 'string' ? istioKind(groupOf(apiVersion), kind) : undefined;
  return name && validateKind(name, object, defaultNamespace);
}

function validateKind<K extends IstioKindName>(kind: K, object: JsonObject, defaultNamespace: string): Verdict {
  const findings = new Findings();
  const metadata = decodeMetadata(object, defaultNamespace, findings);
  const decoded = decodeMessage(SPEC_SCHEMAS[kind], object.spec, 'spec');
  const advice = decoded.warnings.map((warning): Finding => ({
    ...findingOf(warning),
    code: 'UnknownField',
    severity: 'warning',
  }));
  checkMetadata(object, metadata, findings);
  if (!decoded.ok) {
    findings.list.push(...decoded.problems.map(findingOf));
  } else {
    const subject = { kind, ...metadata, spec: decoded.value as SpecOf<K> };
    checkDryRun(metadata, actionOf(subject), findings);
    findings.list.push(...validatorOf(kind)(subject));
    advice.push(...adviserOf(kind)(subject));
  }
  const { namespace, name } = metadata;
  const spec = decoded.ok ? (decoded.value as JsonObject) : undefined;
  return { kind, namespace, name, spec, findings: findings.list, advice };
}

/** What an AuthorizationPolicy does; undefined for every other kind. */
function actionOf({ kind, spec }: Subject<unknown> & Metadata): string | number | undefined {
  return kind === 'AuthorizationPolicy' ? ((spec as SpecOf<'AuthorizationPolicy'>).action ?? 'ALLOW') : undefined;
}

function findingOf({ path, message, hint }: Problem): Finding {
  const text = hint === undefined ? message : `${message} (${hint})`;
  return { severity: 'error', path, code: 'DecodingFailed', message: text };
}
