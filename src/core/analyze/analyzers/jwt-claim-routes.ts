import { USUAL_NAMESPACE } from '../../../api/istio-names.ts';
import type { Gateway } from '../../../api/networking/gateway.ts';
import type { VirtualService } from '../../../api/networking/virtual-service.ts';
import type { RequestAuthentication } from '../../../api/security/request-authentication.ts';
import type { Analyzer } from '../analyzer.ts';
import { KIND } from '../kinds.ts';
import { message, missing, type Message } from '../messages.ts';
import { fullName, podText, specAs, type Resource } from '../resource.ts';
import { hasLabels, type Labels } from '../../label-selector.ts';
import { parseReference, type World } from '../world.ts';

const CLAIM_HEADER = /^@request\.auth\.claims(\..+|\[.+\])$/is;

const HEADER_FIELDS = ['headers', 'withoutHeaders'] as const;

/** The first header match on a claim of a token. */
function claimHeader(resource: Resource): { header: string; path: string } | undefined {
  const claims = (specAs<VirtualService>(resource).http ?? []).flatMap(({ match = [] }, i) =>
    match.flatMap((request, j) =>
      HEADER_FIELDS.flatMap((field) =>
        Object.keys(request[field] ?? {})
          .filter((header) => CLAIM_HEADER.test(header))
          .map((header) => ({ header, path: `spec.http[${i}].match[${j}].${field}` })),
      ),
    ),
  );
  return claims[0];
}

function authenticators(world: World, namespace: string): Labels[] {
  const namespaces = new Set([USUAL_NAMESPACE, namespace]);
  return [...namespaces]
    .flatMap((each) => world.listIn(KIND.requestAuthentication, each))
    .map((resource) => specAs<RequestAuthentication>(resource).selector?.matchLabels ?? {});
}

function check(world: World, resource: Resource): Message[] {
  const claim = claimHeader(resource);
  if (!claim) return [];
  const gateways = (specAs<VirtualService>(resource).gateways ?? []).filter((name) => name !== 'mesh');
  return gateways.flatMap((name) => {
    const gateway = world.find(KIND.gateway, parseReference(name, resource.namespace));
    if (!gateway) return [];
    return world
      .list(KIND.pod)
      .filter((pod) => hasLabels(pod.labels, specAs<Gateway>(gateway).selector))
      .filter((pod) => !authenticators(world, pod.namespace).some((selector) => hasLabels(pod.labels, selector)))
      .map((pod) => {
        const text = `The route matches claim ${claim.header}, but no RequestAuthentication applies to ${podText(pod)} of Gateway ${fullName(gateway)}: the match never succeeds.`;
        const needs = [USUAL_NAMESPACE, pod.namespace].map((namespace) => ({
          kind: KIND.requestAuthentication,
          name: '*',
          namespace,
        }));
        return missing(message('IST0149', resource, text, claim.path), ...needs);
      });
  });
}

/** Routes by claims of a token at gateways that do not check tokens. */
export const jwtClaimRoutes: Analyzer = {
  name: 'virtualservice.JWTClaimRouteAnalyzer',
  inputs: [KIND.virtualService, KIND.requestAuthentication, KIND.gateway, KIND.pod],
  analyze: (world) => world.list(KIND.virtualService).flatMap((resource) => check(world, resource)),
};
