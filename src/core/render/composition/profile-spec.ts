import { nearest } from '../../../api/near-miss.ts';
import type { IstioVersion } from '../../istio/istio-version.ts';
import type { JsonObject } from '../../kube-object.ts';
import { cloneJson, mergeInto } from '../../values/merge.ts';

/** The spec that a profile puts below the user's: all but `default` stand on `default`. Undefined for an unknown one. */
export function profileSpec(version: IstioVersion, name: string): JsonObject | undefined {
  const base = version.profiles['default'];
  const top = Object.hasOwn(version.profiles, name) ? version.profiles[name] : undefined;
  if (!base || !top) return undefined;
  const spec = cloneJson(base);
  if (top !== base) mergeInto(spec, cloneJson(top));
  return spec;
}

/** What to name in the place of a profile that there is not. */
export function profileHint(version: IstioVersion, name: string): string {
  const known = Object.keys(version.profiles).sort();
  const meant = nearest(name, known);
  return meant === undefined ? `known profiles: ${known.join(', ')}` : `did you mean ${meant}?`;
}
