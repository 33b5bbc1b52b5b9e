import type { ValidationTraits } from '../istio/traits.ts';

/** How bad a finding is: an error rejects the resource, a warning is shown and lets it pass. */
export type Severity = 'error' | 'warning';

/** One thing that a validator has to say of a resource. */
export interface Finding {
  severity: Severity;
  /** Field path such as `spec.http[0].route[1].weight`; empty when the whole resource is meant. */
  path: string;
  /** Stable, for metrics and suppression: `DurationTooShort`. */
  code: string;
  /** What is wrong and what to do, in one sentence. */
  message: string;
}

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
