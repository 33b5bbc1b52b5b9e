import type { JsonObject } from '../kube-object.ts';
import type { ComponentName } from '../components.ts';
import type { PatchTraits } from './patch-traits.ts';

/** Everything that one minor of Istio decides about values: data only, so that minors stand side by side. */
export interface IstioVersion {
  /** `1.31`. */
  minor: string;
  /** Where Istio publishes the images of this minor, and the tag of the newest patch release. */
  defaultHub: string;
  defaultTag: string;
  /** Number of the patch release from which on each trait holds. */
  traitsSince: Readonly<Record<keyof PatchTraits, number>>;
  /** The oldest Kubernetes minor that it supports: what is assumed without a cluster. */
  oldestKubeMinor: number;
  /** Profiles of the resource; all but `default` are laid over `default`. */
  profiles: Readonly<Record<string, JsonObject>>;
  chartDefaults: Readonly<Record<ComponentName, JsonObject>>;
  chartProfiles: Readonly<Record<string, JsonObject>>;
  platforms: Readonly<Record<string, JsonObject>>;
  compatibilityVersions: Readonly<Record<string, JsonObject>>;
}
