const PLAIN = { port: { number: 80, name: 'http', protocol: 'HTTP' } };

/** How clients come in. */
export interface EntranceOptions {
  /** By HTTP unless told. */
  readonly server?: object;
  /** Of the route, such as `retries`. */
  readonly route?: object;
}

/**
 * Objects of a namespace that let clients of the ingress gateway in to a destination of it. Clients ask for the host
 * NAMESPACE.example.
 */
export function entranceTo(
  namespace: string,
  destination: object,
  { server = PLAIN, route }: EntranceOptions = {},
): object[] {
  const hosts = [`${namespace}.example`];
  const metadata = { namespace, name: 'door' };
  return [
    {
      apiVersion: 'networking.istio.io/v1',
      kind: 'Gateway',
      metadata,
      spec: { selector: { istio: 'ingressgateway' }, servers: [{ ...server, hosts }] },
    },
    {
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
      metadata,
      spec: { hosts, gateways: ['door'], http: [{ ...route, route: [{ destination }] }] },
    },
  ];
}
