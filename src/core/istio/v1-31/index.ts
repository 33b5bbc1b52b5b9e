import type { IstioVersion } from '../istio-version.ts';
import { ADDITIONS } from './additions.ts';
import { BASE_DEFAULTS } from './base-defaults.ts';
import { CHART_PROFILES } from './chart-profiles.ts';
import { CNI_DEFAULTS } from './cni-defaults.ts';
import { COMPATIBILITY_VERSIONS } from './compatibility-versions.ts';
import { FLAGS } from './flags.ts';
import { EGRESS_DEFAULTS, INGRESS_DEFAULTS } from './gateway-defaults.ts';
import { ISTIOD_DEFAULTS } from './istiod-defaults.ts';
import { PLATFORMS } from './platforms.ts';
import { PROFILES } from './profiles.ts';
import { TRAITS } from './traits.ts';
import { VARIABLES } from './variables.ts';
import { ZTUNNEL_DEFAULTS } from './ztunnel-defaults.ts';

/** Istio 1.31: the minor that stands here in full. The others say what they have otherwise. */
export const ISTIO_1_31: IstioVersion = {
  minor: '1.31',
  isPreview: false,
  // Six weeks after the second minor that follows it: https://istio.io/latest/docs/releases/supported-releases/
  support: { released: '2026-08-31', ends: 'about February 2027' },
  // From 1.31 on Istio publishes to Docker Hub alone; registry.istio.io and gcr.io are switched off in December 2026:
  // https://istio.io/latest/blog/2026/retirement-of-gcp/
  defaultHub: 'docker.io/istio',
  // The newest release by the tags of istio.io/api, which Istio's tooling sets with each release.
  defaultTag: '1.31.4',
  traits: TRAITS,
  // https://istio.io/latest/news/releases/1.31.x/announcing-1.31.1/
  earlier: [{ before: 1, traits: { quotesAnnotations: false } }],
  oldestKubeMinor: 32,
  profiles: PROFILES,
  chartDefaults: {
    Base: BASE_DEFAULTS,
    Pilot: ISTIOD_DEFAULTS,
    IngressGateways: INGRESS_DEFAULTS,
    EgressGateways: EGRESS_DEFAULTS,
    Cni: CNI_DEFAULTS,
    Ztunnel: ZTUNNEL_DEFAULTS,
  },
  chartProfiles: CHART_PROFILES,
  platforms: PLATFORMS,
  compatibilityVersions: COMPATIBILITY_VERSIONS,
  added: ADDITIONS,
  flags: FLAGS,
  variables: VARIABLES,
  gatewayApi: {
    'grpcroutes.gateway.networking.k8s.io': [1, 1, 0],
    'backendtlspolicies.gateway.networking.k8s.io': [1, 4, 0],
    'tlsroutes.gateway.networking.k8s.io': [1, 5, 0],
    'tcproutes.gateway.networking.k8s.io': [1, 6, 0],
  },
  addedAnnotations: ['istio.io/use-waypoint-canary-weight'],
  addedMessages: ['IST0177'],
};
