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

/** An attribute of a cookie, such as SameSite. */
export const httpCookieAttribute = message(
  'HttpCookieAttribute',
  () => ({
    name: field(string, 'Name of the attribute.'),
    value: field(string, 'Value of the attribute.'),
  }),
  { required: ['name'] },
);
export type HttpCookieAttribute = z.infer<typeof httpCookieAttribute>;

/** A cookie that keeps a caller with the same endpoint; it is made when a request has none. */
export const httpCookie = message(
  'HttpCookie',
  () => ({
    name: field(string, 'Name of the cookie.'),
    path: field(string, 'Path that the cookie is for.'),
    ttl: field(duration, 'How long the cookie lives; 0s until the browser is closed.', { anyLength: true }),
    attributes: field(list(httpCookieAttribute), 'Further attributes of the cookie.'),
  }),
  { required: ['name'] },
);
export type HttpCookie = z.infer<typeof httpCookie>;

/** Consistent hashing on a ring. */
export const ringHash = message('RingHash', () => ({
  minimumRingSize: field(
    uint64,
    'Least number of places on the ring, 1024 when left out; more places spread the load better.',
  ),
}));
export type RingHash = z.infer<typeof ringHash>;

/** Consistent hashing with a table. */
export const maglev = message('Maglev', () => ({
  tableSize: field(uint64, 'Places in the table, a prime number; 65537 when left out.'),
}));
export type Maglev = z.infer<typeof maglev>;

/** Sends requests with the same key to the same endpoint as long as it is there. */
export const consistentHashLb = message(
  'ConsistentHashLb',
  () => ({
    httpHeaderName: field(string, 'Header that is the key.'),
    httpCookie: field(httpCookie, 'Cookie that is the key.'),
    useSourceIp: field(bool, "The caller's IP address is the key."),
    httpQueryParameterName: field(string, 'Query parameter that is the key.'),
    ringHash: field(ringHash, 'Hashes on a ring, the default.'),
    maglev: field(maglev, 'Hashes with a table.'),
    minimumRingSize: field(uint64, 'Use ringHash.minimumRingSize.', {}, { deprecated: true }),
  }),
  {
    oneOfs: [
      ['httpHeaderName', 'httpCookie', 'useSourceIp', 'httpQueryParameterName'],
      ['ringHash', 'maglev'],
    ],
  },
);
export type ConsistentHashLb = z.infer<typeof consistentHashLb>;

/** Shares of the traffic from one locality. */
export const localityDistribute = message('LocalityDistribute', () => ({
  from: field(string, 'Locality of the caller, region/zone/subzone; * at the end stands for all below.'),
  to: field(map(uint32), 'Percentage for each locality; they sum to 100.'),
}));
export type LocalityDistribute = z.infer<typeof localityDistribute>;

/** Where traffic goes when a region has no healthy endpoint. */
export const localityFailover = message('LocalityFailover', () => ({
  from: field(string, 'Region of the caller.'),
  to: field(string, 'Region that takes over.'),
}));
export type LocalityFailover = z.infer<typeof localityFailover>;

/** Prefers endpoints that are near. Failover needs outlierDetection. */
export const localityLoadBalancerSetting = message('LocalityLoadBalancerSetting', () => ({
  distribute: field(list(localityDistribute), 'Fixed shares between localities; not together with failover.'),
  failover: field(list(localityFailover), 'Which region takes over for which.'),
  failoverPriority: field(
    list(string),
    "Labels by which endpoints are ranked: the more equal the caller's, the sooner they are used.",
  ),
  enabled: field(wrapped(bool), 'Whether locality counts here, whatever the mesh says.'),
}));
export type LocalityLoadBalancerSetting = z.infer<typeof localityLoadBalancerSetting>;

/** Where traffic goes when a zone has no healthy endpoint. */
export const zoneAwareFailover = message('ZoneAwareFailover', () => ({
  from: field(string, 'Locality of the caller.'),
  to: field(string, 'Locality that takes over.'),
}));
export type ZoneAwareFailover = z.infer<typeof zoneAwareFailover>;

/** Prefers the caller's own zone as far as its endpoints can carry the load. */
export const zoneAwareLoadBalancerSetting = message('ZoneAwareLoadBalancerSetting', () => ({
  enabled: field(wrapped(bool), 'Whether zones count here.'),
  failover: field(list(zoneAwareFailover), 'Which locality takes over for which.'),
  failoverPriority: field(list(string), 'Labels by which endpoints are ranked.'),
  minClusterSize: field(wrapped(uint64), 'Least number of endpoints at which zones count.', { minimum: 1 }),
}));
export type ZoneAwareLoadBalancerSetting = z.infer<typeof zoneAwareLoadBalancerSetting>;

/** Lets the load of a new endpoint grow slowly. */
export const warmupConfiguration = message(
  'WarmupConfiguration',
  () => ({
    duration: field(duration, 'How long an endpoint counts as new.'),
    minimumPercent: field(wrapped(double), 'Share of the full load to begin with, 10 when left out.', {
      maximum: 100,
      minimum: 0,
    }),
    aggression: field(wrapped(double), 'How fast the load grows: 1 steadily, more means faster at first.', {
      minimum: 0,
    }),
  }),
  { required: ['duration'] },
);
export type WarmupConfiguration = z.infer<typeof warmupConfiguration>;

/** Weighs endpoints by the load that they report (ORCA). */
export const backendUtilizationLb = message('BackendUtilizationLb', () => ({
  weightStabilizationPeriod: field(duration, 'How long reports of an endpoint are only gathered.', { anyLength: true }),
  weightExpirationPeriod: field(duration, 'How long the last report of an endpoint counts.', { anyLength: true }),
  weightUpdatePeriod: field(duration, 'Time between computations of the weights, at least 100ms.', { anyLength: true }),
  errorUtilizationPenaltyPercent: field(uint32, 'What errors add to the utilization, in percent of it.'),
  metricNamesForComputingUtilization: field(list(string), 'Names of reported metrics that count as utilization.'),
}));
export type BackendUtilizationLb = z.infer<typeof backendUtilizationLb>;

export const simpleLb = enumeration([
  'UNSPECIFIED',
  'LEAST_CONN',
  'RANDOM',
  'PASSTHROUGH',
  'ROUND_ROBIN',
  'LEAST_REQUEST',
]);

/** How an endpoint is chosen. */
export const loadBalancerSettings = message(
  'LoadBalancerSettings',
  () => ({
    simple: field(simpleLb, 'Algorithm: LEAST_REQUEST is the default; LEAST_CONN is its old name.'),
    consistentHash: field(consistentHashLb, 'Keeps callers with the same endpoint.'),
    backendUtilization: field(backendUtilizationLb, 'Weighs endpoints by the load that they report.'),
    localityLbSetting: field(localityLoadBalancerSetting, 'Prefers endpoints that are near.'),
    zoneAwareLbSetting: field(
      zoneAwareLoadBalancerSetting,
      'Prefers the own zone; not together with localityLbSetting.',
    ),
    warmupDurationSecs: field(duration, 'Use warmup.'),
    warmup: field(warmupConfiguration, 'Lets the load of a new endpoint grow slowly.'),
  }),
  { oneOfs: [['simple', 'consistentHash', 'backendUtilization']] },
);
export type LoadBalancerSettings = z.infer<typeof loadBalancerSettings>;
