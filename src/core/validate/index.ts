import type { IstioKindName, SpecOf } from '../../api/istio-kinds.ts';
import type { Validator } from './finding.ts';

type Registry = { readonly [K in IstioKindName]?: Validator<SpecOf<K>> };

/** What Istio says of each kind. */
const VALIDATORS: Registry = {};
/** What we add to it, as warnings. */
const ADVISERS: Registry = {};

const NOTHING = (): [] => [];

/** The validator of a kind. */
export function validatorOf<K extends IstioKindName>(kind: K): Validator<SpecOf<K>> {
  return (VALIDATORS as { readonly [N in IstioKindName]?: Validator<SpecOf<K>> })[kind] ?? NOTHING;
}

/** The adviser of a kind; most have none. */
export function adviserOf<K extends IstioKindName>(kind: K): Validator<SpecOf<K>> {
  return (ADVISERS as { readonly [N in IstioKindName]?: Validator<SpecOf<K>> })[kind] ?? NOTHING;
}
