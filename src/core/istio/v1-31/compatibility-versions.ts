import type { JsonObject } from '../../kube-object.ts';

/** Chart settings that keep the behaviour of an earlier minor (`compatibilityVersion`). */
export const COMPATIBILITY_VERSIONS: Record<string, JsonObject> = {
  '1.25': {
    pilot: {
      env: {
        ENABLE_NATIVE_SIDECARS: 'false',
        DISABLE_SHADOW_HOST_SUFFIX: 'false',
        PILOT_SPAWN_UPSTREAM_SPAN_FOR_GATEWAY: 'false',
        DISABLE_TRACK_REMAINING_CB_METRICS: 'false',
        PILOT_SIDECAR_PICK_BEST_SERVICE_NAMESPACE: 'false',
        PILOT_ENABLE_STRICT_GATEWAY_MERGING: 'false',
        PILOT_AUTO_SEND_UNHEALTHY_ENDPOINTS: 'false',
      },
    },
    cni: { ambient: { reconcileIptablesOnStartup: false } },
    ambient: { shareHostNetworkNamespace: true },
  },
  '1.26': {
    pilot: {
      env: {
        ENABLE_NATIVE_SIDECARS: 'false',
        DISABLE_SHADOW_HOST_SUFFIX: 'false',
        PILOT_SPAWN_UPSTREAM_SPAN_FOR_GATEWAY: 'false',
        DISABLE_TRACK_REMAINING_CB_METRICS: 'false',
        PILOT_SIDECAR_PICK_BEST_SERVICE_NAMESPACE: 'false',
        PILOT_ENABLE_STRICT_GATEWAY_MERGING: 'false',
        PILOT_AUTO_SEND_UNHEALTHY_ENDPOINTS: 'false',
      },
    },
    cni: { ambient: { reconcileIptablesOnStartup: false } },
  },
  '1.27': {
    pilot: {
      env: {
        DISABLE_SHADOW_HOST_SUFFIX: 'false',
        PILOT_SPAWN_UPSTREAM_SPAN_FOR_GATEWAY: 'false',
        DISABLE_TRACK_REMAINING_CB_METRICS: 'false',
        PILOT_SIDECAR_PICK_BEST_SERVICE_NAMESPACE: 'false',
        PILOT_ENABLE_STRICT_GATEWAY_MERGING: 'false',
        PILOT_AUTO_SEND_UNHEALTHY_ENDPOINTS: 'false',
      },
    },
    cni: { ambient: { reconcileIptablesOnStartup: false } },
  },
  '1.28': {
    pilot: {
      env: {
        DISABLE_TRACK_REMAINING_CB_METRICS: 'false',
        PILOT_SIDECAR_PICK_BEST_SERVICE_NAMESPACE: 'false',
        PILOT_ENABLE_STRICT_GATEWAY_MERGING: 'false',
        PILOT_AUTO_SEND_UNHEALTHY_ENDPOINTS: 'false',
      },
    },
    cni: { ambient: { reconcileIptablesOnStartup: false } },
  },
  '1.29': {
    pilot: {
      env: {
        PILOT_SIDECAR_PICK_BEST_SERVICE_NAMESPACE: 'false',
        PILOT_ENABLE_STRICT_GATEWAY_MERGING: 'false',
        PILOT_AUTO_SEND_UNHEALTHY_ENDPOINTS: 'false',
      },
    },
  },
  '1.30': {
    pilot: {
      env: {
        PILOT_ENABLE_STRICT_GATEWAY_MERGING: 'false',
        PILOT_SPAWN_UPSTREAM_SPAN_FOR_GATEWAY: 'false',
        PILOT_AUTO_SEND_UNHEALTHY_ENDPOINTS: 'false',
      },
    },
  },
};
