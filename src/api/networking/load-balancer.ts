import type { z } from 'zod';
import {
  bool,
  double,
  duration,
  enumeration,
  field,
  list,
  map,
  message,
  string,
  uint32,
  uint64,
  wrapped,
} from '../proto/message-schema.ts';

export const httpCookieAttribute = message(
  'HttpCookieAttribute',
  () => ({
    name: string,
    value: string,
  }),
  { required: ['name'] },
);
export type HttpCookieAttribute = z.infer<typeof httpCookieAttribute>;

export const httpCookie = message(
  'HttpCookie',
  () => ({
    name: string,
    path: string,
    ttl: field(duration, '', { anyLength: true }),
    attributes: list(httpCookieAttribute),
  }),
  { required: ['name'] },
);
export type HttpCookie = z.infer<typeof httpCookie>;

export const ringHash = message('RingHash', () => ({
  minimumRingSize: uint64,
}));
export type RingHash = z.infer<typeof ringHash>;

export const maglev = message('Maglev', () => ({
  tableSize: uint64,
}));
export type Maglev = z.infer<typeof maglev>;

export const consistentHashLb = message(
  'ConsistentHashLb',
  () => ({
    httpHeaderName: string,
    httpCookie: httpCookie,
    useSourceIp: bool,
    httpQueryParameterName: string,
    ringHash: ringHash,
    maglev: maglev,
    minimumRingSize: field(uint64, '', {}, { deprecated: true }),
  }),
  {
    oneOfs: [
      ['httpHeaderName', 'httpCookie', 'useSourceIp', 'httpQueryParameterName'],
      ['ringHash', 'maglev'],
    ],
  },
);
export type ConsistentHashLb = z.infer<typeof consistentHashLb>;

export const localityDistribute = message('LocalityDistribute', () => ({
  from: string,
  to: map(uint32),
}));
export type LocalityDistribute = z.infer<typeof localityDistribute>;

export const localityFailover = message('LocalityFailover', () => ({
  from: string,
  to: string,
}));
export type LocalityFailover = z.infer<typeof localityFailover>;

export const localityLoadBalancerSetting = message('LocalityLoadBalancerSetting', () => ({
  distribute: list(localityDistribute),
  failover: list(localityFailover),
  failoverPriority: list(string),
  enabled: wrapped(bool),
}));
export type LocalityLoadBalancerSetting = z.infer<typeof localityLoadBalancerSetting>;

export const zoneAwareFailover = message('ZoneAwareFailover', () => ({
  from: string,
  to: string,
}));
export type ZoneAwareFailover = z.infer<typeof zoneAwareFailover>;

export const zoneAwareLoadBalancerSetting = message('ZoneAwareLoadBalancerSetting', () => ({
  enabled: wrapped(bool),
  failover: list(zoneAwareFailover),
  failoverPriority: list(string),
  minClusterSize: field(wrapped(uint64), '', { minimum: 1 }),
}));
export type ZoneAwareLoadBalancerSetting = z.infer<typeof zoneAwareLoadBalancerSetting>;

export const warmupConfiguration = message(
  'WarmupConfiguration',
  () => ({
    duration: duration,
    minimumPercent: field(wrapped(double), '', { maximum: 100, minimum: 0 }),
    aggression: field(wrapped(double), '', { minimum: 0 }),
  }),
  { required: ['duration'] },
);
export type WarmupConfiguration = z.infer<typeof warmupConfiguration>;

export const simpleLb = enumeration([
  'UNSPECIFIED',
  'LEAST_CONN',
  'RANDOM',
  'PASSTHROUGH',
  'ROUND_ROBIN',
  'LEAST_REQUEST',
]);

export const loadBalancerSettings = message(
  'LoadBalancerSettings',
  () => ({
    simple: simpleLb,
    consistentHash: consistentHashLb,
    localityLbSetting: localityLoadBalancerSetting,
    zoneAwareLbSetting: zoneAwareLoadBalancerSetting,
    warmupDurationSecs: duration,
    warmup: warmupConfiguration,
  }),
  { oneOfs: [['simple', 'consistentHash']] },
);
export type LoadBalancerSettings = z.infer<typeof loadBalancerSettings>;
