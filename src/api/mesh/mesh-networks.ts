import type { z } from 'zod';
import { field, list, map, message, string, uint32 } from '../proto/message-schema.ts';

const networkEndpoints = message(
  'NetworkEndpoints',
  () => ({
    fromCidr: field(string, 'Endpoints whose address is in this range.'),
    fromRegistry: field(string, 'Endpoints of this cluster.'),
  }),
  { oneOfs: [['fromCidr', 'fromRegistry']] },
);

const networkGateway = message(
  'IstioNetworkGateway',
  () => ({
    registryServiceName: field(string, 'Service of the gateway, by its full name.'),
    address: field(string, 'Address or name of the gateway.'),
    port: field(uint32, 'Port of the gateway.'),
    locality: field(string, 'Where the gateway is.'),
  }),
  { oneOfs: [['registryServiceName', 'address']] },
);

/** What is in a network, and how others get there. */
export const network = message('Network', () => ({
  endpoints: field(list(networkEndpoints), 'What is in the network.'),
  gateways: field(list(networkGateway), 'How it is reached from other networks.'),
}));

/** The networks of a mesh, by name. */
export const meshNetworks = message('MeshNetworks', () => ({
  networks: field(map(network), 'The networks by name.'),
}));
export type MeshNetworks = z.infer<typeof meshNetworks>;
export type Network = z.infer<typeof network>;
