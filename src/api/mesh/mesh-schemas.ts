import { clientTlsSettings } from '../networking/client-tls-settings.ts';
import { connectionPoolSettings } from '../networking/connection-pool.ts';
import { httpRetry } from '../networking/http-route.ts';
import { localityLoadBalancerSetting, zoneAwareLoadBalancerSetting } from '../networking/load-balancer.ts';
import { outlierDetection } from '../networking/outlier-detection.ts';
import { meshConfig } from './mesh-config.ts';
import { meshNetworks } from './mesh-networks.ts';
import { proxyConfig } from './proxy-config.ts';

/** The schemas of what configures a mesh, and of the parts of it that are judged by themselves. */
export const MESH_SCHEMAS = {
  MeshConfig: meshConfig,
  MeshNetworks: meshNetworks,
  ProxyConfig: proxyConfig,
  ClientTlsSettings: clientTlsSettings,
  ConnectionPoolSettings: connectionPoolSettings,
  HttpRetry: httpRetry,
  LocalityLoadBalancerSetting: localityLoadBalancerSetting,
  OutlierDetection: outlierDetection,
  ZoneAwareLoadBalancerSetting: zoneAwareLoadBalancerSetting,
} as const;
