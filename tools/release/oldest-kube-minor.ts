import { ISTIO_VERSIONS } from '../../src/core/istio/registry.ts';

/** Minor of the oldest Kubernetes that a release of Istio which is known runs on. */
export const OLDEST_KUBE_MINOR = Math.min(...ISTIO_VERSIONS.map(({ oldestKubeMinor }) => oldestKubeMinor));
