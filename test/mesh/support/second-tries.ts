import { entranceTo } from './entrance.ts';

const RETRIES = { attempts: 5, perTryTimeout: '2s', retryOn: 'connect-failure,refused-stream,reset,gateway-error' };

/**
 * What docs/guides/availability.md tells to set for a service: what a pod does not answer in time is asked of another.
 * Where outliers are detected Istio keeps requests in their zone; not here, so that they meet the node that is lost.
 * By HTTP/2: the requests of a lost pod all at once need no connections of their own to the one that lives.
 */
export function secondTriesFor(namespace: string, host: string): object[] {
  const networking = { apiVersion: 'networking.istio.io/v1', metadata: { namespace, name: host } };
  return [
    {
      ...networking,
      kind: 'DestinationRule',
      spec: {
        host,
        trafficPolicy: {
          connectionPool: { tcp: { connectTimeout: '2s' }, http: { h2UpgradePolicy: 'UPGRADE' } },
          loadBalancer: { localityLbSetting: { enabled: false } },
          outlierDetection: {
            consecutive5xxErrors: 5,
            interval: '1s',
            baseEjectionTime: '30s',
            maxEjectionPercent: 100,
            minHealthPercent: 50,
          },
        },
      },
    },
    {
      ...networking,
      kind: 'VirtualService',
      spec: { hosts: [host], http: [{ retries: RETRIES, route: [{ destination: { host } }] }] },
    },
    ...entranceTo(namespace, { host }, { route: { retries: RETRIES } }),
  ];
}
