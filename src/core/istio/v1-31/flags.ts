import type { FlagChanges } from '../istio-version.ts';

/** Variables of istiod and proxies that 1.31 registers and 1.30 does not, with their defaults, and the other way round. */
export const FLAGS: FlagChanges = {
  added: {
    PILOT_ENABLE_STRICT_GATEWAY_MERGING: 'true',
    PILOT_AUTO_SEND_UNHEALTHY_ENDPOINTS: 'true',
    PILOT_ENABLE_REMOTE_CREDENTIALS_CONTROLLER: 'true',
    PILOT_ALLOW_ANY_DYNAMIC_DNS_MAX_HOSTS: '1024',
    ENVOY_SECURE_METRICS_PORT: '',
    ENVOY_SECURE_MERGED_METRICS_PORT: '',
    ISTIO_META_ENABLE_SELF_DISCOVERY: '',
  },
  changed: {},
  removed: {
    '1.31': {
      PILOT_SPAWN_UPSTREAM_SPAN_FOR_GATEWAY: 'gateways always start a span of their own',
      UNSAFE_PILOT_ENABLE_DELTA_TEST: 'it was for tests',
    },
  },
};
