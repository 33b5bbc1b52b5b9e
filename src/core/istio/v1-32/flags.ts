import type { FlagChanges } from '../istio-version.ts';

/** Variables of istiod and proxies that 1.32 registers and 1.31 does not, with their defaults where they are known. */
export const FLAGS: FlagChanges = {
  added: {
    PILOT_ENABLE_HEADLESS_FILTER_CHAIN_LISTENER: 'false',
    BLOCKED_CIDRS_IN_WASM_FETCH: '',
    ISTIO_KUBE_HEADER_TIMEOUT: '90s',
    ISTIO_KUBE_REQUEST_TIMEOUT: '15m',
    ENABLE_GATEWAY_API_HTTPROUTE_AUTH: '',
    PILOT_ENABLE_AWS_ZONE_ID: 'true',
  },
  changed: {},
  removed: {},
};
