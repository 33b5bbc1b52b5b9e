const HOST = 'shop.example';

const PLAIN = { port: { number: 80, name: 'http', protocol: 'HTTP' } };

/** Objects of namespace `shop` that let clients of the ingress gateway in to a destination, by HTTP unless told. */
export function entranceTo(destination: object, server: object = PLAIN): object[] {
  return [
    {
      apiVersion: 'networking.istio.io/v1',
      kind: 'Gateway',
      metadata: { namespace: 'shop', name: 'door' },
      spec: { selector: { istio: 'ingressgateway' }, servers: [{ ...server, hosts: [HOST] }] },
    },
    {
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
      metadata: { namespace: 'shop', name: 'door' },
      spec: { hosts: [HOST], gateways: ['door'], http: [{ route: [{ destination }] }] },
    },
  ];
}
