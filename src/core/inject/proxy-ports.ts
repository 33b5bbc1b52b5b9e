/** Ports of the proxy and its agent in every pod of the mesh, and what each is for. */
export const PROXY_PORTS: Readonly<Record<number, string>> = {
  15000: 'the administration of Envoy',
  15001: 'outbound traffic',
  15004: 'the debug port of istiod',
  15006: 'inbound traffic',
  15008: 'the HBONE tunnel',
  15020: 'the agent and the merged metrics',
  15021: 'the health check of Envoy',
  15053: 'the DNS proxy',
  15090: 'the metrics of Envoy, which are merged already',
};
