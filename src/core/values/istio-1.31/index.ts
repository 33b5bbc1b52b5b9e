import type { IstioVersion } from '../istio-version.ts';
import { BASE_DEFAULTS } from './base-defaults.ts';
import { CHART_PROFILES } from './chart-profiles.ts';
import { CNI_DEFAULTS } from './cni-defaults.ts';
import { COMPATIBILITY_VERSIONS } from './compatibility-versions.ts';
import { EGRESS_DEFAULTS, INGRESS_DEFAULTS } from './gateway-defaults.ts';
import { ISTIOD_DEFAULTS } from './istiod-defaults.ts';
import { PLATFORMS } from './platforms.ts';
import { PROFILES } from './profiles.ts';
import { ZTUNNEL_DEFAULTS } from './ztunnel-defaults.ts';

/** Istio 1.31. */
export const ISTIO_1_31: IstioVersion = {
  minor: '1.31',
  // From 1.31 on Istio publishes to Docker Hub alone; registry.istio.io and gcr.io are switched off in December 2026:
  // https://istio.io/latest/blog/2026/retirement-of-gcp/
  defaultHub: 'docker.io/istio',
  // The newest release by the tags of istio.io/api, which Istio's tooling sets with each release.
  defaultTag: '1.31.4',
  traitsSince: { quotesAnnotations: 1 },
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
};
