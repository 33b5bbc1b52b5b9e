import type { IstioVersion } from '../istio-version.ts';
import { ISTIO_1_31 } from '../v1-31/index.ts';
import { COMPATIBILITY_VERSIONS } from './compatibility-versions.ts';
import { FLAGS } from './flags.ts';
import { PLATFORMS } from './platforms.ts';
import { TRAITS } from './traits.ts';
import { VARIABLES } from './variables.ts';

/** Istio 1.30: 1.31 but for what stands here. Defaults of charts and profiles are the same. */
export const ISTIO_1_30: IstioVersion = {
  ...ISTIO_1_31,
  minor: '1.30',
  support: { released: '2026-05-18', ends: 'about mid December 2026' },
  // Release-builder's branch for 1.30 named registry.istio.io; its images are on Docker Hub too, and stay there:
  // https://istio.io/latest/blog/2026/retirement-of-gcp/
  defaultHub: 'docker.io/istio',
  // The newest release by the tags of istio.io/api, which Istio's tooling sets with each release.
  defaultTag: '1.30.8',
  traits: TRAITS,
  earlier: [],
  platforms: PLATFORMS,
  compatibilityVersions: COMPATIBILITY_VERSIONS,
  // What it added to 1.29, which is not rendered, nobody asks.
  added: {},
  flags: FLAGS,
  variables: VARIABLES,
  gatewayApi: {
    'grpcroutes.gateway.networking.k8s.io': [1, 1, 0],
    'backendtlspolicies.gateway.networking.k8s.io': [1, 4, 0],
    'tlsroutes.gateway.networking.k8s.io': [1, 5, 0],
  },
  addedAnnotations: [],
  addedMessages: [],
};
