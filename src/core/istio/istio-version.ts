import type { ComponentName } from '../components.ts';
import type { JsonObject } from '../kube-object.ts';
import type { IstioTraits } from './traits.ts';

/** How long a minor is looked after by Istio, in words: the end of support is announced late. */
export interface Support {
  /** Day of the first release. */
  released: string;
  ends: string;
}

/** Fields and words of enums that a minor brought, by the protobuf name of the message or enum. */
export type Additions = Readonly<Record<string, readonly string[]>>;

/** Environment variables of istiod and proxies against the minor before. */
export interface FlagChanges {
  /** With their defaults. */
  added: Readonly<Record<string, string>>;
  /** Those whose default is another one. */
  changed: Readonly<Record<string, { from: string; to: string }>>;
  /** By the minor that removed them, with what holds instead; the oldest minor tells of those before it too. */
  removed: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** Version of a definition of the Gateway API, by the name of the definition. */
export type GatewayApiMinimums = Readonly<Record<string, readonly [number, number, number]>>;

/** Everything that one minor of Istio decides, so that minors stand side by side: data, and traits. */
export interface IstioVersion {
  /** Such as `1.5`. */
  minor: string;
  /** Not all of it could be held against Istio itself: never chosen without being asked for. */
  isPreview: boolean;
  support: Support;
  /** Where Istio publishes the images of this minor, and the tag of the newest patch release. */
  defaultHub: string;
  defaultTag: string;
  traits: IstioTraits;
  /** What patch releases did before a trait changed within the minor: those of a lower number than `before`. */
  earlier: readonly { before: number; traits: Partial<IstioTraits> }[];
  /** The oldest Kubernetes minor that it supports: what is assumed without a cluster. */
  oldestKubeMinor: number;
  /** Profiles of the resource; all but `default` are laid over `default`. */
  profiles: Readonly<Record<string, JsonObject>>;
  chartDefaults: Readonly<Record<ComponentName, JsonObject>>;
  chartProfiles: Readonly<Record<string, JsonObject>>;
  platforms: Readonly<Record<string, JsonObject>>;
  compatibilityVersions: Readonly<Record<string, JsonObject>>;
  /** What this minor added to Istio's kinds, the mesh configuration and the values. */
  added: Additions;
  flags: FlagChanges;
  /** Names of all variables that istiod and proxies read. */
  variables: readonly string[];
  gatewayApi: GatewayApiMinimums;
  /** Annotations of users that this minor added. */
  addedAnnotations: readonly string[];
  /** Codes of analysis that this minor added. */
  addedMessages: readonly string[];
}
