import { isJsonObject } from '../../kube-object.ts';
import type { Analyzer } from '../analyzer.ts';
import { KIND } from '../kinds.ts';
import type { DataView } from '../kubernetes-views.ts';
import { message } from '../messages.ts';
import { specAs } from '../resource.ts';

const BUILT_IN = ['Mock', 'Kubernetes', 'External'];
const REMOTE_CLUSTER = 'istio/multiCluster';

interface MeshNetworks {
  networks?: Record<string, { endpoints?: readonly { fromRegistry?: string }[] }>;
}

/** Networks whose endpoints come from a registry that istiod does not know. */
export const meshNetworks: Analyzer = {
  name: 'meshnetworks.MeshNetworksAnalyzer',
  inputs: [KIND.meshNetworks, KIND.secret],
  analyze: (world) => {
    const remote = world
      .list(KIND.secret)
      .filter(({ labels }) => labels[REMOTE_CLUSTER] === 'true')
      .flatMap((secret) => Object.keys(specAs<DataView>(secret).data ?? {}));
    const known = new Set([...BUILT_IN, ...remote]);
    return world.list(KIND.meshNetworks).flatMap((resource) => {
      const { networks } = specAs<MeshNetworks>(resource);
      return Object.entries(isJsonObject(networks) ? networks : {}).flatMap(([network, { endpoints = [] }]) =>
        endpoints.flatMap(({ fromRegistry }, i) => {
          if (fromRegistry === undefined || known.has(fromRegistry)) return [];
          const text = `Network ${network} takes endpoints from registry ${fromRegistry}, which no remote secret provides.`;
          return [message('IST0126', resource, text, `networks.${network}.endpoints[${i}]`)];
        }),
      );
    });
  },
};
