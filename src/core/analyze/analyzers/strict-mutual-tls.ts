import { listSome } from '../../list-some.ts';
import type { PeerAuthentication } from '../../../api/security/peer-authentication.ts';
import type { Analyzer } from '../analyzer.ts';
import { KIND } from '../kinds.ts';
import { proxyImageOf, type PodSpecView } from '../kubernetes-views.ts';
import { podInAmbient } from '../mesh-membership.ts';
import { message } from '../messages.ts';
import { specAs, type Resource } from '../resource.ts';

function speaksPlaintext(pod: Resource): boolean {
  const spec = specAs<PodSpecView>(pod);
  return !proxyImageOf(spec) && !podInAmbient(pod) && !spec.hostNetwork;
}

/** Mutual TLS that is required in a namespace where pods have no proxy to speak it. */
export const strictMutualTls: Analyzer = {
  name: 'sailwright.StrictMutualTlsAnalyzer',
  inputs: [KIND.peerAuthentication, KIND.pod],
  analyze: (world) =>
    world.list(KIND.peerAuthentication).flatMap((resource) => {
      const { mtls, selector } = specAs<PeerAuthentication>(resource);
      if (mtls?.mode !== 'STRICT' || selector) return [];
      const names = world
        .listIn(KIND.pod, resource.namespace)
        .filter(speaksPlaintext)
        .map(({ name }) => name)
        .sort();
      if (names.length === 0) return [];
      const text = `Mutual TLS is required, but ${listSome(names)} in this namespace have no proxy: their calls to pods in the mesh are refused. Inject them, or use PERMISSIVE until they are.`;
      return [message('SWT0001', resource, text, 'spec.mtls.mode')];
    }),
};
