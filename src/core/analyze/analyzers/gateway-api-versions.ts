import { BUNDLE_VERSION, findUnmetMinimum } from '../../istio/gateway-api.ts';
import type { Analyzer } from '../analyzer.ts';
import { KIND } from '../kinds.ts';
import { message } from '../messages.ts';
import { releaseIn } from '../world.ts';

/** Definitions of the Gateway API that are too old for istiod. */
export const gatewayApiVersions: Analyzer = {
  name: 'k8sgateway.CRDVersionAnalyzer',
  inputs: [KIND.customResourceDefinition],
  analyze: (world) => {
    const { version: istio } = releaseIn(world);
    return world.list(KIND.customResourceDefinition).flatMap((resource) => {
      const version = resource.annotations[BUNDLE_VERSION];
      const minimum = version === undefined ? undefined : findUnmetMinimum(istio, resource.name, version);
      if (minimum === undefined) return [];
      const text = `${resource.name} is of Gateway API ${version}; istiod ${istio.minor} reads ${minimum} and newer: upgrade the Gateway API.`;
      return [message('IST0176', resource, text, `metadata.annotations[${BUNDLE_VERSION}]`)];
    });
  },
};
