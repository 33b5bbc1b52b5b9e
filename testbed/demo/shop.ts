// What the mesh demo applies: one service of two versions, by weight, and the policy that keeps outsiders away.

/** Namespace in the mesh. */
export const SHOP = 'shop';
/** Namespace without proxies. */
export const OUTSIDE = 'outside';

/** Percent of requests for each version of `reviews`. */
export const WEIGHTS = { v1: 90, v2: 10 } as const;

/** Where requests go. */
export const REVIEWS_URL = `http://reviews.${SHOP}:8080/`;

/** Shares the requests for `reviews` by WEIGHTS. */
export function renderWeights(): object[] {
  const versions = Object.entries(WEIGHTS);
  const subsets = versions.map(([version]) => ({ name: version, labels: { version } }));
  const route = versions.map(([subset, weight]) => ({ destination: { host: 'reviews', subset }, weight }));
  const object = (kind: string, spec: object): object => ({
    apiVersion: 'networking.istio.io/v1',
    kind,
    metadata: { namespace: SHOP, name: 'reviews' },
    spec,
  });
  return [
    object('DestinationRule', { host: 'reviews', subsets }),
    object('VirtualService', { hosts: ['reviews'], http: [{ route }] }),
  ];
}

/** Refuses plain text in the shop. */
export function renderStrict(): object {
  return {
    apiVersion: 'security.istio.io/v1',
    kind: 'PeerAuthentication',
    metadata: { namespace: SHOP, name: 'default' },
    spec: { mtls: { mode: 'STRICT' } },
  };
}
