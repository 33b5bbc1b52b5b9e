import type { Additions } from '../istio-version.ts';

/** New in 1.32, by the modules istio.io/api v1.31.4 and v1.32.0, and the values by Istio's branch of 2026-08-22. */
export const ADDITIONS: Additions = {
  LoadBalancerSettings: ['backendUtilization'],
  OutlierDetection: ['failurePercentageThreshold'],
  ClientTlsSettings: ['caCertCredentialName'],
  ServerTlsSettings: ['ecdhCurves', 'alpnProtocols'],
  JwtRule: ['presence'],
  FilterChainMatch: ['transportSocket'],
  MeshConfig: ['defaultInboundHttpRetryPolicy'],
  CniAmbient: ['enablementSelectors', 'shareHostNetworkNamespace', 'enableAmbientDetectionRetry'],
};
