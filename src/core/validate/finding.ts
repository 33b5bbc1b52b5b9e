import type { ValidationTraits } from '../istio/traits.ts';
import type { Finding } from '../problem.ts';

export type { Finding, Severity } from '../problem.ts';

/** The resource that is judged. Its spec is decoded: canonical field names, enums by name, oneofs resolved. */
export interface Subject<Spec> {
  kind: string;
  name: string;
  namespace: string;
  labels: Readonly<Record<string, string>>;
  annotations: Readonly<Record<string, string>>;
  /** What the release of Istio does that reads it. */
  traits: ValidationTraits;
  spec: Spec;
}

/** A validator of one kind lists all findings; an empty list means that the resource is good. */
export type Validator<Spec> = (subject: Subject<Spec>) => Finding[];
