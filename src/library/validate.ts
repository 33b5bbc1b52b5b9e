import { judgeDocument } from '../core/judge/judge-document.ts';
import type { Severity } from '../core/validate/finding.ts';
import { findRelease } from './find-release.ts';
import { plainObject } from './plain-object.ts';

/** What decides a verdict beside the object. */
export interface ValidateOptions {
  /** Minor or release of Istio that is to read the object; the newest that is no preview when left out. */
  istioVersion?: string;
  /** Where an object without a namespace belongs; `default` when left out. */
  namespace?: string;
}

/** One thing that a cluster would say of an object. */
export interface Finding {
  /** Field that is meant, such as `spec.http[0].route[1].weight`; empty for the whole object. */
  path: string;
  /** What kind of thing it is, in one word that stays the same, such as `DurationTooShort`. */
  code: string;
  /** What is wrong and what to do. */
  message: string;
}

/** What a cluster with Istio's definitions and the operator would say of an object. */
export interface Verdict {
  kind: string;
  namespace: string;
  name: string;
  /** With any of these the object is refused. */
  errors: Finding[];
  warnings: Finding[];
}

/**
 * Judges a resource of Istio's, or an IstioOperator, as a cluster would that it is applied to; undefined for kinds of
 * others. @throws InputError for what is no object, and for a version that is not known.
 */
export function validate(object: object, options: ValidateOptions = {}): Verdict | undefined {
  const { istioVersion, namespace: defaultNamespace = 'default' } = options;
  const asked = istioVersion === undefined ? {} : { asked: istioVersion };
  const release = findRelease(istioVersion);
  const judgement = judgeDocument(plainObject(object, ''), { defaultNamespace, release, defaults: {}, ...asked });
  if (!judgement) return undefined;
  const { kind, namespace, name, findings } = judgement;
  const of = (wanted: Severity): Finding[] =>
    findings.filter(({ severity }) => severity === wanted).map(({ path, code, message }) => ({ path, code, message }));
  return { kind, namespace, name, errors: of('error'), warnings: of('warning') };
}
