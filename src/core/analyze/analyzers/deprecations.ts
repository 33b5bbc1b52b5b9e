import type { Sidecar } from '../../../api/networking/sidecar.ts';
import type { VirtualService } from '../../../api/networking/virtual-service.ts';
import type { Analyzer } from '../analyzer.ts';
import { KIND } from '../kinds.ts';
import type { CustomResourceDefinitionView } from '../kubernetes-views.ts';
import { message } from '../messages.ts';
import { specAs } from '../resource.ts';
import type { World } from '../world.ts';

/** Kinds of `rbac.istio.io` that Istio no longer reads. */
const REMOVED_KINDS = ['ClusterRbacConfig', 'RbacConfig', 'ServiceRole', 'ServiceRoleBinding'];

const removedKinds = (world: World) =>
  world.list(KIND.customResourceDefinition).flatMap((resource) => {
    const { group, names } = specAs<CustomResourceDefinitionView>(resource);
    if (group !== 'rbac.istio.io' || !REMOVED_KINDS.includes(names?.kind ?? '')) return [];
    const text = `Istio no longer reads ${names?.kind ?? ''} of rbac.istio.io: use AuthorizationPolicy.`;
    return [message('IST0002', resource, text, 'spec.names.kind')];
  });

const egressProxies = (world: World) =>
  world.list(KIND.sidecar).flatMap((resource) => {
    if (!specAs<Sidecar>(resource).outboundTrafficPolicy?.egressProxy) return [];
    const text = 'outboundTrafficPolicy.egressProxy is ignored: route to the egress gateway by a VirtualService.';
    return [message('IST0002', resource, text, 'spec.outboundTrafficPolicy.egressProxy')];
  });

const faultPercents = (world: World) =>
  world.list(KIND.virtualService).flatMap((resource) =>
    (specAs<VirtualService>(resource).http ?? []).flatMap(({ fault }, i) => {
      if ((fault?.delay?.percent ?? 0) <= 0) return [];
      const path = `spec.http[${i}].fault.delay.percent`;
      return [
        message('IST0002', resource, 'fault.delay.percent is deprecated: use fault.delay.percentage.value.', path),
      ];
    }),
  );

/** Kinds and fields that Istio has given up. */
export const deprecations: Analyzer = {
  name: 'deprecation.DeprecationAnalyzer',
  inputs: [KIND.virtualService, KIND.sidecar, KIND.customResourceDefinition],
  atAdmission: [KIND.virtualService, KIND.sidecar],
  analyze: (world) => [...faultPercents(world), ...egressProxies(world), ...removedKinds(world)],
};
