import type { Additions } from '../istio-version.ts';

/** New in 1.31, by the modules istio.io/api v1.30.8 and v1.31.4. A word of an enum is `field=WORD`. */
export const ADDITIONS: Additions = {
  HttpSettings: ['http2KeepAlive'],
  LoadBalancerSettings: ['zoneAwareLbSetting'],
  OutlierDetection: ['outlierDetectionHttpErrorCodes'],
  RetryBudget: ['budgetInterval'],
  ServerTlsSettings: ['insecureSkipVerify'],
  HttpRedirect: ['prefixRewrite'],
  EnvoyPatch: ['operation=MERGE_AND_REPLACE_LIST'],
  MeshConfig: ['zoneAwareLbSetting', 'defaultTrafficPolicy', 'serviceEntryVisibility'],
  ProxyConfig: ['connectionSettings'],
  Global: ['readerServiceAccount'],
};
