import type { ValidationTraits } from '../../../istio/traits.ts';

/** What surrounds a traffic policy. */
export interface PolicyContext {
  path: string;
  /** Of the resource that holds it. */
  namespace: string;
  traits: ValidationTraits;
}
